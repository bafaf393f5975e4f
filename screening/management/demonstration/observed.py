"""Invented studies without randomisation, and reports from the laboratory: their titles and sentences, by kind."""

from __future__ import annotations

# fmt: off
# Tables of text: one alternative after the other reads better than one per line.
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """The grammar of one kind of publication: titles and the sections of its abstract (each: how many, of which)."""

    titles: tuple[str, ...]
    background: tuple[str, ...]
    methods: tuple[str, ...]
    results: tuple[str, ...]
    conclusion: tuple[str, ...]
    kind: str = "journal article"


COHORT = Form(
    (
        "<exposure> and <event> in <population>: {a|a retrospective|a prospective|a population-based} cohort study",
        "{Predictors|Determinants} of <event> {in|among} <population>{: a registry-based cohort study| – a prospective cohort}",
        "{Trends in|Five-year course of} <event> in <population> in <place>: {an observational|a retrospective cohort} study",
        "Does <exposure> predict <event> in <population>? {A cohort study from <place>|Observational data from <sites> clinics}",
    ),
    ("{Little is known of|We examined} <exposure> and <event>{ in everyday care|}.", "It is hard to foresee <event> in <population>.", "A link of <exposure> with <event> has been reported, but {confounding is likely|studies were small}."),
    ("{This retrospective cohort study used insurance claims|We retrospectively analysed electronic records|In this cohort study we used a national registry} from <place>{ between 2009 and 2018|}.", "{Follow-up lasted a median of|People were followed for} <months> months.", "<popsentence>", "Cox {models|regression} adjusted for age, sex, smoking and FEV1.", "{Propensity scores|Inverse probability weights} {balanced|were used to balance} the groups."),
    ("Among <big> people, the record showed <event> in <pct>%.", "There was an association of <exposure> with <event> (hazard ratio <ratio>, 95% CI <rlow> to <rhigh>).", "The association {was stronger in women|weakened after adjustment|held in all subgroups}.", "{Median survival|Time to first event} was <months> months{ in the exposed group|}."),
    ("Asking about <exposure> may help to find people at risk.", "{Residual confounding cannot be ruled out|Trials should test whether changing <exposure> changes <event>}.", "Clinicians {could ask about|should consider} <exposure>{ at each visit|}."),
)  # fmt: skip

TELE_COHORT = Form(
    (
        "{Real-world|Two-year} experience with <intervention> for <population>: a {retrospective|prospective} cohort study",
        "{Uptake and completion of|Outcomes after} <intervention> in <population>: {an observational study|a matched cohort study}",
        "<intervention> during the pandemic{ in <place>|}: a service evaluation in <population>",
        "{Feasibility|Safety} of <intervention> in <population>: a single-arm {pilot study|before-and-after study}",
        "<intervention> in <population>: {an uncontrolled pilot study|a non-randomised comparison with <comparator>}",
    ),
    ("{Our|The hospital} service {moved|switched} to <intervention> {in 2020|when the gym closed}.", "<intervention> {has not been evaluated outside trials|is spreading faster than its evidence}."),
    ("{All|Consecutive} people referred {between 2019 and 2022|over <months> months} were {included|followed} in this {single-arm|observational} study without a control group.", "<popsentence>", "<intsentence>", "<measure> before and after the programme {was|were} compared with paired tests."),
    ("Of <n> who started, <n_done> completed the programme.", "From start to end, <measure> changed by a mean of <delta> (95% CI <lower> to <upper>) from baseline.", "<pct>% of sessions were attended; {dropouts were older|technical failure ended 3% of calls}."),
    ("<intervention> {was feasible and safe|can be run in routine care}, but {the lack of a control group|selection} limits what can be said.", "A randomised {comparison|trial} is {warranted|under way}."),
)  # fmt: skip

CASE_CONTROL = Form(
    ("<exposure> and {the risk of |}<event> in <population>: a {case-control|nested case-control|matched case-control} study", "{Is <exposure> a risk factor for <event>? A|Risk factors for <event>:} case-control study in <population>"),
    ("The link of <exposure> with <event> is {disputed|plausible}.",),
    ("{In this nested case-control study|This case-control study included} cases {with|of} <event> {from|in} <place>.", "Cases were matched to up to four controls by age, sex and practice.", "Conditional logistic regression gave odds ratios."),
    ("<n> cases and <big> controls were {analysed|compared}.", "Cases had <exposure> {more|less} often (odds ratio <ratio>, 95% CI <rlow> to <rhigh>).", "{A dose-response was seen|No dose-response was seen}."),
    ("There {was|may be} a link between <exposure> and <event>{; recall bias is possible|}.",),
)  # fmt: skip

SURVEY = Form(
    ("{Attitudes to|Access to|Digital skills and} <intervention> among <population>: a {cross-sectional survey|national survey|cross-sectional study}", "{Who would choose|Barriers to} <intervention>? {A survey|Cross-sectional survey} of <population>", "<exposure> and <event> in <population>: a cross-sectional study"),
    ("{Plans for|The success of} <intervention> {depend|rests} on what people {want|can do with their devices}.", "{Internet access|Digital literacy} differs by age and place."),
    ("{We sent a postal survey|An online survey was sent} to <big> people{ in <place>|}.", "<popsentence>", "This cross-sectional study used a questionnaire with {24|31|18} items.", "Respondents completed the questionnaire {at a clinic visit|by telephone}."),
    ("<pct>% {responded|returned the questionnaire}.", "<pct2>% {owned a smartphone|would prefer a centre|were willing to try it}.", "Older age and {living alone|breathlessness} were associated with lower interest (odds ratio <ratio>)."),
    ("{Preferences differ|One size does not fit all}; {services should ask|choice should be offered}.",),
)  # fmt: skip

QUALITATIVE = Form(
    ("{Experiences of|Living with} <intervention>: a qualitative study {with|of} <population>", "“{It got me moving again|I did not feel alone|The gym came to my kitchen|You need someone to push you|My lungs, my pace}”: {interviews with|a qualitative study of} <population> about <intervention>", "{Physiotherapists'|Carers'|Nurses'} views of <intervention> for <population>: a qualitative interview study"),
    ("How people {live with|make sense of} <intervention> is {rarely asked|not well understood}.",),
    ("Semi-structured interviews were held with {14|19|23|27|31} people in <place>.", "Focus groups were recorded, transcribed and coded by two researchers.", "Thematic analysis {was inductive|followed a framework of acceptability}."),
    ("{Three|Four} themes were {found|built}: {safety, company and time|trust in the therapist, a body that is watched, and the home as a gym|learning the device, being seen, going on alone}.", "Participants {valued|spoke of} {not having to travel|the group on the screen|being checked on}, but {missed the tea after class|felt watched|worried about the connection}."),
    ("{Support in the first week|A human contact} {matters|is decisive}.",),
)  # fmt: skip

ACCURACY = Form(
    ("{Validity of|Agreement between} {a remote sit-to-stand test and the laboratory|a wrist-worn step counter and observation|home and hospital walking tests|a smartphone six-minute walk and a corridor test} in <population>", "{Diagnostic accuracy of|Development and validation of} {a cough monitor|a model to predict exacerbations|an oximeter algorithm|a lung sound classifier} in <population>"),
    ("{Remote assessment|Prediction} {needs tests that can be done at home|depends on valid measures}.",),
    ("<popsentence>", "Each {person|participant} was tested {twice|on two days}, in random order.", "Agreement was described by Bland–Altman limits{ and intraclass correlation|}.", "Sensitivity and specificity were computed against {expert judgement|hospital records}."),
    ("The mean {bias|difference} was <delta> (limits of agreement <lower> to <upper>).", "{Sensitivity|The area under the curve} was 0.<pct>{ and specificity 0.<pct2>|}."),
    ("The {test|measure|model} {can|cannot yet} {replace the reference|be recommended for single persons}.",),
)  # fmt: skip

CASE_REPORT = Form(
    ("{Spontaneous pneumothorax|Syncope|Rib fracture|Severe hypokalaemia|Atrial fibrillation|Platypnoea|Diaphragm paralysis|Pulmonary embolism|Vocal cord dysfunction|A lung mass} {during|found during|after} {home exercise|<intervention>|inhaler training|a walking test} in a {<a>|<b>}-year-old {man|woman}: a case report", "{An unusual cause of|Not every} breathlessness {in COPD|on exertion}: {a case report|case series of three patients} {with|and} {lung herniation|tracheobronchomegaly|an intrathoracic stomach|thyroid goitre|methaemoglobinaemia|mitral stenosis}"),
    ("{This complication is rare|The diagnosis is easily missed|Such events are seldom reported}.",),
    ("We {report|describe|present} a {<a>|<b>}-year-old {man|woman} with COPD who {became breathless|collapsed|felt chest pain} {at home|while cycling|on day <weeks>}.", "{Computed tomography|An echocardiogram|Blood gas analysis} showed the cause."),
    ("{The patient recovered after|Treatment was} {drainage|surgery|a change of medicine|watchful waiting}{ and went home after <weeks> days|}.",),
    ("{Think of it|Clinicians should be alert} when {breathlessness is sudden|oxygen does not help}.",),
    "case report",
)  # fmt: skip

ANIMAL = Form(
    ("{Treadmill exercise|Voluntary wheel running|Swimming training|Whole-body vibration|Electrical stimulation} {attenuates|reverses|does not prevent} <lesion> in {cigarette smoke-exposed mice|elastase-treated rats|a rat model of emphysema|smoke-exposed guinea pigs|aged C57BL/6 mice}", "<lesion> after {intermittent hypoxia|chronic smoke exposure|elastase instillation} in {mice|rats|hamsters}: {effects of training|role of exercise timing|a time-course study}"),
    ("{The mechanism|How} {by which |}exercise {protects muscle|affects the lung} {is unclear|has been studied little}.", "Muscle wasting {accompanies|is a feature of} emphysema{ in rodents and people|}."),
    ("{Male|Female|Adult male} {Wistar rats|C57BL/6 mice|Sprague-Dawley rats|Hartley guinea pigs} (n = {24|32|40|48}) were exposed to {cigarette smoke|room air or smoke|elastase} for <weeks> weeks.", "Animals ran on a treadmill for {30|60} minutes on five days a week.", "{Lung mechanics|Muscle fibre area|Bronchoalveolar lavage} was {measured|examined} blind to group."),
    ("{Training|Exercise} {reduced|lowered} {TNF-α|neutrophils in lavage fluid|mean linear intercept} by <pct>% (p = 0.0<p2>).", "Fibre cross-sectional area was {larger|unchanged} in trained {mice|rats|animals}."),
    ("{Exercise|Training} {protects against|modulates} <lesion> in this model; {relevance to people is uncertain|timing matters}.",),
)  # fmt: skip

IN_VITRO = Form(
    ("{Cigarette smoke extract|Serum of exercised donors|Hypoxia|Electrical pulse stimulation|IL-6} {induces|alters|blunts} <lesion> in {cultured human myotubes|bronchial epithelial cell lines|primary airway fibroblasts|C2C12 cells}{: an in vitro study|}", "<lesion> in {bronchial epithelial cells|skeletal muscle cells} exposed to {smoke extract|hypoxia|particulate matter} in vitro"),
    ("{Smoke|Inactivity} {acts on muscle directly|may alter the airway lining}.",),
    ("Cultured {human myotubes|bronchial epithelial cells|fibroblasts} were exposed to {1%|2.5%|5%} {smoke extract|oxygen} for {24|48|72} hours.", "Cells were stimulated {electrically|with cytokine} and {protein synthesis|mitochondrial respiration|viability} was measured."),
    ("{Respiration|Viability|Myotube diameter} {fell|was reduced} by <pct>% (p = 0.0<p2>).", "{N-acetylcysteine|Blocking of the receptor} {restored|partly reversed} the effect."),
    ("{These findings suggest|We propose} a direct effect on {muscle|epithelium}.",),
)  # fmt: skip

EXPOSURES = ("low physical activity", "loneliness", "air pollution", "anxiety", "low muscle mass", "current smoking", "living alone", "vitamin D deficiency", "obesity", "use of inhaled corticosteroids", "heat waves", "distance to the nearest hospital", "poor sleep", "frailty", "blood eosinophils", "early mobilisation", "low health literacy")  # fmt: skip
EVENTS = ("readmission", "mortality", "exacerbations", "loss of walking distance", "pneumonia", "falls", "admission to intensive care", "use of palliative care", "cardiovascular events", "non-completion of rehabilitation", "lung function decline", "sick leave")  # fmt: skip
LESIONS = ("quadriceps wasting", "lung inflammation", "diaphragm dysfunction", "oxidative stress", "emphysematous remodelling", "mitochondrial dysfunction", "capillary loss", "mucus hypersecretion", "senescence")  # fmt: skip
