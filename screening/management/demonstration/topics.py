"""Who, what, against what and with which outcome: the matter of the invented studies."""

from __future__ import annotations

# fmt: off
# Tables of text: one alternative after the other reads better than one per line.
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """`titles` are ways to name it in a title, `text` whole sentences (or clauses) that describe it."""

    titles: tuple[str, ...]
    text: tuple[str, ...] = ()
    keyword: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`size` is the usual difference between groups in `unit`; negative when less is better."""

    titles: tuple[str, ...]
    measure: str
    unit: str
    size: float
    decimals: int = 1


COPD = Topic(
    (
        "COPD", "people with COPD", "adults with COPD", "patients with chronic obstructive pulmonary disease", "people living with COPD",
        "adults with moderate to very severe COPD", "older adults with COPD", "patients discharged after an exacerbation of COPD",
        "stable COPD", "chronic obstructive pulmonary disease", "people with COPD who live far from a hospital",
        "COPD with frequent exacerbations", "frail adults with COPD", "COPD and obesity",
    ),
    (
        "{Adults|Patients|People} with {spirometrically confirmed|stable|moderate to very severe|physician-diagnosed} COPD {aged 40 years or older|aged 18 years or older|aged 45 to 80 years} were {eligible|recruited|enrolled}.",
        "{Eligible participants|We recruited participants who} had {COPD GOLD stage II–IV|chronic obstructive pulmonary disease with FEV1 below 80% predicted|COPD and an mMRC dyspnoea grade ≥ 2}{| and had not exercised regularly in the past year}.",
        "<n> {adults|outpatients|people} with COPD (mean age <age> years, <women>% women, mean FEV1 <fev>% predicted) {took part|were included|entered the study}.",
        "Participants were adults {within 4 weeks of discharge for|who had recovered from|with at least one admission for} an acute exacerbation of COPD; {severe cognitive impairment led to exclusion|those without a telephone line were offered one|recent pulmonary rehabilitation was not allowed}.",
        "{General practices|Chest clinics|Hospitals} in <place> {referred|invited} adults with chronic obstructive pulmonary disease and {exertional breathlessness|a modified MRC grade of 2 or more}.",
    ),
    "chronic obstructive pulmonary disease",
)  # fmt: skip

OTHER_ADULTS = (
    Topic(("chronic heart failure", "people with heart failure", "heart failure with reduced ejection fraction"), ("<n> adults with chronic heart failure (NYHA class II–III, mean age <age> years) {took part|were enrolled}.", "Patients with stable heart failure and an ejection fraction below 45% were {eligible|recruited in <place>}."), "heart failure"),
    Topic(("idiopathic pulmonary fibrosis", "fibrotic interstitial lung disease", "people with pulmonary fibrosis"), ("Adults with idiopathic pulmonary fibrosis (mean age <age> years, mean FVC <fev>% predicted) were {recruited|enrolled}.", "<n> people with fibrotic interstitial lung disease {took part|were included}."), "interstitial lung disease"),
    Topic(("adults with severe asthma", "difficult-to-treat asthma", "overweight adults with asthma"), ("Adults with severe asthma and an Asthma Control Questionnaire score above 1.5 were {eligible|recruited}.", "<n> adults with physician-diagnosed asthma {took part|were enrolled}."), "asthma"),
    Topic(("persistent symptoms after COVID-19", "long COVID", "breathlessness after COVID-19"), ("<n> adults with breathlessness for more than 3 months after COVID-19 {took part|were enrolled}.", "People with long COVID who had not been ventilated were {invited|recruited} through {social media|general practice}."), "post-COVID-19 condition"),
    Topic(("lung cancer surgery", "patients after lobectomy for lung cancer", "survivors of lung cancer"), ("Patients who had undergone lobectomy for non-small cell lung cancer (mean age <age> years) were {recruited|approached} at discharge.", "<n> survivors of lung cancer {took part|were included} after curative treatment."), "lung neoplasms"),
    Topic(("bronchiectasis", "adults with non-cystic-fibrosis bronchiectasis"), ("<n> adults with bronchiectasis confirmed by computed tomography {took part|were enrolled}.", "Adults with two or more exacerbations of bronchiectasis in the past year were eligible."), "bronchiectasis"),
    Topic(("stroke survivors", "the first year after stroke", "people with stroke"), ("<n> stroke survivors (mean age <age> years, 3 to 12 months after the event) {took part|were enrolled}.", "Adults with hemiparesis who could walk 10 m were {eligible|recruited in <place>}."), "stroke"),
    Topic(("coronary heart disease", "patients after coronary bypass surgery", "myocardial infarction survivors"), ("<n> patients (mean age <age> years) who had been referred to cardiac rehabilitation {took part|were enrolled}.", "Adults within 6 weeks of coronary artery bypass grafting were eligible."), "coronary disease"),
    Topic(("knee osteoarthritis", "people waiting for knee replacement"), ("<n> adults with painful knee osteoarthritis (mean age <age> years) {took part|were enrolled}.", "People on a waiting list for knee replacement were {invited|recruited}."), "osteoarthritis, knee"),
    Topic(("pulmonary arterial hypertension", "people with pulmonary hypertension"), ("<n> adults with pulmonary arterial hypertension on stable treatment {took part|were enrolled}.",), "pulmonary hypertension"),
)  # fmt: skip

CHILDREN = (
    Topic(("children with cystic fibrosis", "school-aged children with cystic fibrosis", "paediatric cystic fibrosis"), ("<n> children with cystic fibrosis aged 6–12 years {took part|were enrolled} with a parent.", "Children with cystic fibrosis (mean age 9.4 years) were {recruited|invited} at a routine visit."), "cystic fibrosis"),
    Topic(("children with asthma", "adolescents with asthma", "asthma in school children"), ("<n> children aged 7–14 years with persistent asthma {took part|were enrolled}.", "Adolescents with asthma (mean age 14.2 years) from {four|six} schools were invited."), "asthma"),
    Topic(("preterm-born children", "children born very preterm with lung disease"), ("<n> children aged 8–11 years who had been born before 32 weeks {took part|were included}.",), "bronchopulmonary dysplasia"),
    Topic(("children with cerebral palsy", "adolescents with cerebral palsy"), ("<n> children with cerebral palsy aged 6–16 years (GMFCS levels I–III) {took part|were enrolled}.",), "cerebral palsy"),
)  # fmt: skip

TELE = (
    Topic(("home-based telerehabilitation", "video-supervised telerehabilitation", "real-time telerehabilitation"), ("Telerehabilitation {consisted of|was} <freq> weekly exercise sessions at home in groups of {four|five|six}, supervised by a physiotherapist over a video link for <weeks> weeks.", "A tablet, a pulse oximeter and {a step box|an exercise cycle|hand weights} were {lent|delivered} to the home, and a physiotherapist led <mins>-minute sessions by videoconference."), "telerehabilitation"),
    Topic(("a web-based rehabilitation programme", "internet-delivered pulmonary rehabilitation", "an online pulmonary rehabilitation programme"), ("The website {offered|unlocked} {weekly|graded} exercise videos for use at home, with messages from a respiratory physiotherapist and <weeks> education modules.", "Participants exercised at home with an online programme <freq> times a week for <weeks> weeks; a nurse reviewed their log every week and adjusted the load."), "internet-based intervention"),
    Topic(("a smartphone app with remote coaching", "app-guided exercise at home with a tele-coach", "semi-automated tele-coaching"), ("The app set daily walking and strengthening goals at home and a coach {telephoned every week|sent feedback twice a week} for <weeks> weeks.", "Tele-coaching joined a step counter, an exercise app and a weekly call in which a physiotherapist set the next goals for training at home."), "mobile applications"),
    Topic(("telephone-supervised home exercise", "home pulmonary rehabilitation with weekly telephone calls", "telephone-coached walking training at home"), ("After one home visit, participants trained at home <freq> times a week for <weeks> weeks and a physiotherapist telephoned them weekly to {progress|adjust} the exercise.", "Home exercise was {prescribed by|based on} a shuttle walk and supervised remotely by <weeks> weekly telephone calls using motivational interviewing."), "telephone"),
    Topic(("virtual pulmonary rehabilitation", "group-based virtual rehabilitation by video conference", "virtual group exercise"), ("Virtual rehabilitation brought {eight|six|ten} participants together on screen at home <freq> times a week for <mins> minutes of aerobic and strength exercise, led live by two therapists.", "Classes were streamed live to the participants' homes; heart rate and saturation were seen by the therapist throughout the <weeks> weeks."), "videoconferencing"),
    Topic(("exergaming with remote supervision", "virtual-reality exercise at home with remote supervision"), ("A headset {showed|led} {forest walks|rowing and stepping games} at home on five days a week, and a therapist followed the data remotely and called once a week.", "Participants trained at home with interactive games for <mins> minutes a day for <weeks> weeks while intensity was adapted remotely by the physiotherapist."), "virtual reality"),
    Topic(("long-term maintenance telerehabilitation", "maintenance training at home with tele-supervision", "integrated telerehabilitation with telemonitoring"), ("Maintenance telerehabilitation {comprised|was} treadmill training at home, telemonitoring and a weekly video call from a physiotherapist for <months> months.", "Participants received an exercise cycle, daily symptom monitoring and video-supervised exercise sessions at home, thinning from weekly to monthly over <months> months."), "telemedicine"),
)  # fmt: skip

OTHER_FOR_COPD = (
    Topic(("inspiratory muscle training", "threshold inspiratory muscle training"), ("Inspiratory muscle training was done twice daily at {30%|50%} of maximal inspiratory pressure for <weeks> weeks.",), "breathing exercises"),
    Topic(("neuromuscular electrical stimulation of the quadriceps", "neuromuscular electrical stimulation"), ("Both quadriceps were stimulated at {35|50|75} Hz for 30 minutes on five days a week in the clinic.",), "electric stimulation therapy"),
    Topic(("an oral protein supplement", "high-protein nutrition", "a leucine-enriched supplement"), ("The supplement (125 mL, 9 g protein) was taken {two|three} times a day for <weeks> weeks.",), "dietary supplements"),
    Topic(("Tai chi", "community Tai chi", "seated Tai chi"), ("A certified instructor taught a short form of Tai chi in a community hall twice a week for <weeks> weeks.",), "tai ji"),
    Topic(("water-based exercise in a hydrotherapy pool", "hydrotherapy"), ("Training in a hospital pool at 34 °C took place three times a week for <weeks> weeks.",), "hydrotherapy"),
    Topic(("a pharmacist-led inhaler technique check", "inhaler training by pharmacists"), ("Pharmacists checked inhaler technique with a ten-item list and repeated the teach-back after 4 weeks.",), "inhalers"),
    Topic(("dual bronchodilator treatment", "a fixed-dose dual bronchodilator"), ("The study inhaler was taken once daily for <weeks> weeks; rescue medication was allowed.",), "bronchodilator agents"),
    Topic(("symptom telemonitoring without exercise", "telemonitoring of symptoms and oxygen saturation"), ("Symptoms, saturation and temperature were sent daily; a nurse called when a threshold was crossed. No exercise was offered.",), "telemonitoring"),
    Topic(("nurse-led self-management education", "a written action plan", "self-management with a case manager"), ("Participants had {two|four} sessions on inhalers, action plans and smoking, without an exercise component.",), "self-management"),
    Topic(("centre-based high-intensity interval training", "interval training in a hospital gym"), ("Interval training on a cycle ergometer took place three times weekly in a hospital gym under direct supervision.",), "high-intensity interval training"),
    Topic(("singing for lung health", "weekly choir singing"), ("A trained leader taught breathing and singing for 60 minutes each week in a church hall.",), "singing"),
    Topic(("cognitive behavioural therapy by telephone", "a telephone intervention for anxiety"), ("A psychologist gave {six|eight} telephone sessions on panic and breathlessness; physical training was not part of it.",), "cognitive behavioural therapy"),
    Topic(("ambulatory oxygen during training", "supplemental oxygen during centre-based exercise"), ("Oxygen or medical air was given at 5 L/min during supervised cycling in the hospital.",), "oxygen inhalation therapy"),
    Topic(("whole-body vibration", "whole-body vibration training in hospital"), ("Squats were done on a vibration plate three times a week in the clinic, with or without vibration.",), "vibration"),
    Topic(("nocturnal high-flow nasal therapy", "long-term high-flow therapy"), ("High-flow air at 30 L/min was used at night for <weeks> weeks.",), "respiratory therapy"),
    Topic(("an early discharge and hospital-at-home scheme", "hospital-at-home care"), ("Nurses visited daily for up to a week in place of a hospital bed.",), "home care services"),
)  # fmt: skip

ELIGIBLE_COMPARATORS = (
    Topic(("centre-based rehabilitation", "outpatient pulmonary rehabilitation", "centre-based pulmonary rehabilitation"), ("The {comparison|control} group attended conventional centre-based pulmonary rehabilitation <freq> times a week for <weeks> weeks.", "Controls were offered outpatient pulmonary rehabilitation in a hospital gym with the same number of sessions."), ""),
    Topic(("usual care",), ("The control group received usual care {from their general practitioner|without a rehabilitation offer|according to national advice}.", "Usual care meant {optimised inhaled treatment and an information leaflet|medication review and advice to stay active}."), ""),
    Topic(("a waiting list", "a waiting-list control"), ("Those in the control group stayed on a waiting list and were offered the programme after the last assessment.",), ""),
    Topic(("usual care with an education booklet", "education alone"), ("Controls received usual care and an education booklet{| on breathing and energy conservation}, but no rehabilitation.",), ""),
)  # fmt: skip

OTHER_COMPARATORS = (
    Topic(("sham treatment", "a sham device"), ("The comparison group used a sham device {of the same look|without load}.",)),
    Topic(("placebo",), ("The comparison group received a matching placebo.",)),
    Topic(("standard pulmonary rehabilitation alone", "rehabilitation alone"), ("Both groups attended the same outpatient pulmonary rehabilitation.",)),
    Topic(("usual care", "standard treatment"), ("Controls went on with usual treatment.",)),
)  # fmt: skip

OUTCOMES = (
    Outcome(("exercise capacity", "six-minute walk distance", "functional exercise capacity"), "six-minute walk distance", "m", 32.0, 0),
    Outcome(("endurance", "exercise endurance"), "endurance shuttle walk time", "s", 118.0, 0),
    Outcome(("walking capacity", "exercise tolerance"), "incremental shuttle walk distance", "m", 38.0, 0),
    Outcome(("health-related quality of life", "quality of life"), "St George's Respiratory Questionnaire total score", "points", -4.6),
    Outcome(("health status", "COPD health status"), "COPD Assessment Test score", "points", -2.4),
    Outcome(("quality of life and dyspnoea", "disease-specific quality of life"), "Chronic Respiratory Questionnaire dyspnoea domain", "points", 3.1),
    Outcome(("functional performance", "lower-limb function"), "one-minute sit-to-stand repetitions", "repetitions", 3.4),
)  # fmt: skip

GENERAL_OUTCOMES = (
    Outcome(("exercise capacity", "walking distance"), "six-minute walk distance", "m", 28.0, 0),
    Outcome(("quality of life", "health status"), "EQ-5D visual analogue score", "points", 5.2),
    Outcome(("breathlessness", "dyspnoea"), "modified MRC dyspnoea grade", "points", -0.4),
    Outcome(("muscle strength", "quadriceps strength"), "quadriceps maximal voluntary contraction", "N·m", 9.8),
    Outcome(("physical activity", "daily steps"), "daily step count", "steps", 840.0, 0),
    Outcome(("anxiety", "anxiety and depression"), "Hospital Anxiety and Depression Scale score", "points", -1.7),
    Outcome(("hospital admissions", "exacerbations"), "respiratory admissions per person-year", "admissions", -0.3),
)  # fmt: skip

PROCESS_OUTCOMES = (
    Outcome(("adherence", "session attendance"), "sessions attended", "percentage points", 8.5),
    Outcome(("satisfaction", "user satisfaction"), "satisfaction score (0–10)", "points", 0.6),
    Outcome(("inhaler technique",), "inhaler errors per check", "errors", -1.1),
    Outcome(("data completeness of remote monitoring", "completeness of oximetry data"), "valid oximetry recordings", "percentage points", 11.0),
    Outcome(("travel time and carbon footprint", "travel burden"), "travel per participant", "km", -164.0, 0),
)  # fmt: skip
