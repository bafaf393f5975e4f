"""Invented work about other work, or before any results: reviews, protocols, economic models, comments, guidance, noise."""

from __future__ import annotations

# fmt: off
# Tables of text: one alternative after the other reads better than one per line.
from screening.management.demonstration.observed import Form

SYSTEMATIC = Form(
    ("<intervention> {for|in} <population>: {a systematic review and meta-analysis|a systematic review|systematic review and meta-analysis of randomised trials|a scoping review|an umbrella review}", "{Does <intervention> improve <outcome> in <population>? A|Effect of <intervention> on <outcome> in <population>:} {systematic review|meta-analysis of randomised controlled trials|network meta-analysis}", "{Barriers to|Components of|Costs of} <intervention>: a {scoping review|systematic review of qualitative studies|rapid review}"),
    ("Evidence on <intervention> has {grown|accumulated}{ and needs to be summed up|}.", "{Earlier|Previous} reviews {missed recent trials|mixed populations}."),
    ("We searched {MEDLINE, Embase and CENTRAL|PubMed, CINAHL and PEDro|five databases} {to|until} {March 2019|June 2021|January 2023} for randomised trials.", "Two reviewers {screened records and extracted data|judged risk of bias} independently.", "{Random-effects meta-analysis|GRADE} was used."),
    ("<few> trials with <big> participants were included.", "The pooled mean difference in <measure> was <delta> (95% CI <lower> to <upper>; I² = <pct>%).", "{Certainty was low|Risk of bias was high in half of the trials|Heterogeneity was explained by supervision}."),
    ("<intervention> {probably improves|may make little difference to} <outcome>.", "{Better reporting|Longer follow-up} is needed."),
    "review",
)  # fmt: skip

NARRATIVE = Form(
    ("{Breathing at a distance|The living-room gym|From gym to screen|Bringing rehabilitation home|Ten years of remote care}: {a narrative review of|an overview of|a state-of-the-art review of} <intervention>", "{Pathophysiology of|Current concepts in|New avenues for} {exertional dyspnoea|peripheral muscle dysfunction|hyperinflation|remote monitoring|physical activity} in <population>: {a review|a clinical review|an invited review}"),
    ("{Rehabilitation|COPD care} is changing fast.",),
    ("This narrative review {summarises|discusses} {what is known of|recent work on} <intervention>.", "In this review we discuss {mechanisms, models of delivery and pitfalls|the physiology and its clinical use}."),
    ("{Several|Many} models have been {tried|described}, from telephone calls to virtual reality.", "{Evidence is strongest for|Best studied is} supervised training."),
    ("{Future research should|The field needs to} {agree on outcomes|include those without internet}.",),
    "review",
)  # fmt: skip

PROTOCOL_PAPER = Form(
    ("<intervention> {versus|compared with} <comparator> {in|for} <population>: {study protocol for a randomised controlled trial|protocol of the <acronym> trial|protocol for a randomised non-inferiority trial}", "<acronym> {study protocol: |– protocol for }{a randomised trial|a hybrid effectiveness-implementation trial|a stepped-wedge trial} of <intervention> in <population>", "{Design and rationale|Trial protocol and analysis plan} of the <acronym> randomised trial: <intervention> in <population>"),
    ("<intervention> {has promise|needs testing} in <population>.",),
    ("<n> participants will be randomised to <intervention> or <comparator>.", "The primary outcome will be <measure> at <weeks> weeks.", "{Ethical approval was granted|Recruitment will start in spring}.", "We will recruit from <sites> {clinics|practices} in <place>."),
    ("{Results are expected in two years|Findings will be published in a journal and for participants}.",),
    ("Registration: INVENTED-<register>.",),
    "protocol",
)  # fmt: skip

ECONOMIC = Form(
    ("{Cost-effectiveness|Cost-utility analysis|Economic evaluation} of <intervention> {compared with|versus} <comparator> {in|for} <population>", "{Is <intervention> worth the money?|The price of breathing better:} {A Markov model|A trial-based economic evaluation|a cost-utility analysis} for <population>"),
    ("{Budgets are limited|Payers ask what it costs}.",),
    ("A {decision-analytic|Markov} model {followed|compared} <intervention> and <comparator> {over a lifetime|over five years} from a health-care view.", "Costs were {valued at 2019 prices|discounted by 3% a year}.", "{Utilities|Transition probabilities} came from {published trials|a registry}."),
    ("The incremental cost was {€|£|$}<big> per quality-adjusted life-year.", "{Probabilistic analysis gave|There was} a <pct>% chance of being cost-effective."),
    ("<intervention> is {likely|unlikely} to be cost-effective{ at usual thresholds|}.",),
)  # fmt: skip

OPINION = Form(
    ("{Telerehabilitation|Remote rehabilitation|The screen and the gym}: {ready for everyone?|promise and proof|who is left out?|not a second-best} {An editorial|Editorial|A commentary}", "Comment on “<intervention> in <population>”{| – letter to the editor}", "{Reply|Authors' reply}: <intervention> {is not a cheap substitute|needs supervision|for whom?}", "{We need to talk about|Rethinking} {walking tests at home|waiting lists|digital exclusion}: {a viewpoint|a commentary|an editorial}"),
    ("{In this issue, a trial|A recent trial} {revives|joins} an old debate.",),
    ("This {commentary|editorial} {argues|asks} {that access is not the same as uptake|what non-inferiority means to patients|who pays for the tablet}.",),
    ("{The margin was generous|Those without internet were left out|Usual care is not one thing}.",),
    ("{Choice, not replacement,|Evidence before enthusiasm} should be the {aim|rule}.",),
    "editorial",
)  # fmt: skip

GUIDELINE = Form(
    ("{Remote pulmonary rehabilitation|Exercise testing at home|Digital care for chronic lung disease|Rehabilitation after exacerbations}: {a consensus statement|a position statement|clinical practice guideline} {of|from} the Invented {Thoracic|Physiotherapy|Respiratory Nurses'} Society",),
    ("{Practice varies|Services ask for guidance}.",),
    ("A panel of {12|17|22} experts {voted on|rated} statements in {two|three} Delphi rounds.",),
    ("The panel agreed on {nine|fourteen|twenty} statements{, among them home oximetry and an emergency plan|}.",),
    ("The {statement|guideline} will be updated in {three|five} years.",),
    "guideline",
)  # fmt: skip

OFF_TOPIC = Form(
    ("{Influenza vaccination|Smoking cessation with a chatbot|Spirometry in pharmacies|Lung volume reduction with valves|Opioids for breathlessness|Home oxygen fires|Coronavirus variants and admissions|Lung transplantation outcomes|Wood smoke and airway disease|Alpha-1 antitrypsin testing|Inhaler waste and climate|Asthma–COPD overlap|Sleep apnoea screening|Palliative care referral} {in <place>|and <event>|in <population>}: {a registry study|an interrupted time series|a retrospective analysis|a descriptive study|a quality-improvement report}",),
    ("{This topic has seen little study|Policy changed in 2016}.", "The part played by <exposure> in <population> is debated."),
    ("We analysed {claims|routine data|records} of <big> people in <place>{ from 2010 to 2019|}.", "{Rates were standardised for age|Regression adjusted for season}."),
    ("{Uptake|The rate} {rose|fell} from <pct>% to <pct2>%.", "Areas with more <exposure> had {more|no more} <event> (ratio <ratio>, 95% CI <rlow> to <rhigh>)."),
    ("{Further measures|Targeted programmes} are needed.",),
)  # fmt: skip
