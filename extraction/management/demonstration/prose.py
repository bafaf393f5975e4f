"""What such papers say around their figures: invented sentences, with alternatives, in the order of an article."""

from __future__ import annotations

# fmt: off
# Tables of text: one alternative after the other reads better than one per line.

INTRODUCTION = (
    ("Chronic obstructive pulmonary disease (COPD) {limits what people can do long before it is named|is among the commonest reasons for breathlessness in later life|is a leading cause of disability in adults}.", "Pulmonary rehabilitation {relieves dyspnoea, raises exercise capacity and improves quality of life|has a stronger effect on breathlessness than any inhaler} {[1–3]|[1, 2]}.", "Yet {fewer than one in ten of those who would benefit ever start a programme|most people with COPD are never referred}, and {a third of those who start do not finish|many who begin leave within weeks} [4].", "The reasons that people give are {distance, parking, the bus, the weather and the stairs|travel, cost and the feeling of being too ill for a gym} [5, 6]."),
    ("{Rehabilitation that comes to the home|Exercise at home with a therapist at a distance} could {remove|lower} {some of these barriers|the threshold}.", "{Broadband, tablets and cheap pulse oximeters|Telephones, apps and step counters} have made it possible to {see and coach people in their own living rooms|adjust training from afar} [7–9].", "{Small studies suggested|Pilot work in <country> suggested} that <int> {is feasible and safe|can be taught in one visit}, {but few were randomised|though many lacked a control group} [10, 11].", "{Trials so far have disagreed|The size of the effect is disputed}: {some found gains like those of a centre, others none at all|differences in supervision, dose and population may explain why} [12, 13]."),
    ("{Systematic reviews|Two earlier reviews} {rated the certainty of evidence as low|called for larger trials}, {mostly because of imprecision and open outcome assessment|because follow-up rarely went beyond the programme itself} [14].", "{Little is known of <pop>|<pop> have seldom been studied}, {who carry much of the burden|although they use most services}.", "It also {remained open|was not known} whether {gains last after contact with the therapist ends|early gains are kept once the calls stop} [15]."),
    ("We therefore {did a randomised trial of|tested} <int> against <ctl> in <pop>.", "Our hypothesis was that <int> would {improve|change} <primary> {more than|compared with} <ctl> at <weeks> weeks.", "We also {asked|wanted to know} whether {any difference would still be seen at <months> months|an effect would last}, and what harm it might do."),
)

CONTEXT = (
    "{The health system of <country> pays for rehabilitation in hospitals only|In <country>, rehabilitation is offered in a few large towns}, {and programmes at home were not part of usual care when the trial was planned|and waiting times of half a year are common}.",
    "{People with COPD helped to plan the trial|Two people who live with COPD joined the steering group}: {they shortened the diaries, chose the time of calls and read the consent form|they asked for larger buttons, for evening sessions and for a person to ring}.",
    "{No change was made to eligibility or outcomes after the trial had begun|The protocol was amended once, to allow assessments at home}.",
)

ELIGIBILITY = (
    "The diagnosis was confirmed by a ratio of FEV1 to forced vital capacity below 0.70 after a bronchodilator.",
    "We did not include people who had {had an exacerbation within the past 4 weeks|unstable heart disease}, {could not walk for reasons other than breathlessness|had a condition that made exercise unsafe}, {had severe cognitive impairment|could not follow instructions by telephone}, or had taken part in rehabilitation {within 12 months|in the year before}.",
    "{Long-term oxygen was not a reason for exclusion|Oxygen users could take part if saturation stayed above 85% during a walking test}.",
    "{Those without an internet connection were lent one|No experience with computers was required}.",
)

DELIVERY = (
    "{Training began with walking or cycling at 60 to 80% of the peak reached in the baseline test, and was raised by {five|ten} per cent when a session was rated below 4 on the Borg scale|Aerobic exercise was followed by two sets of strengthening exercises for arms and legs, with elastic bands or household weights}.",
    "{Physiotherapists followed a written manual and met every month to keep delivery alike|Fidelity was checked by listening to one session in twenty}.",
    "{Participants were asked to stop when saturation fell below 85% or with chest pain|A telephone line was staffed on working days}.",
    "{All participants kept their usual medication, and changes were recorded|Inhaled treatment was reviewed before entry and left to the participants' own doctors afterwards}.",
)

EQUIPMENT = (
    "{Equipment was brought to the home by a technician, who stayed until it had been used once without help|At the first visit a physiotherapist looked for stumbling blocks, moved furniture where this was wished and measured saturation during effort}.",
    "{Each participant had a pulse oximeter, a set of elastic bands and a printed plan with pictures|The material fitted into one box: bands, a clip for the finger, a plan in large type and a list of telephone numbers}.",
    "{Faults were answered within one working day|A help line was open from eight to six}, {and sessions that were missed for a fault could be made up|and equipment was exchanged when a fault lasted longer than two days}.",
    "{Participants who could not reach the next step stayed where they were, and were told that this was no failure|Progress was agreed upon, not imposed: who was tired repeated the week}.",
    "{Education covered inhalers, pacing, coughing, travel with oxygen, and what to do on a bad day|Short talks dealt with breathing, energy, mood, food, and the action plan for exacerbations}.",
)

ASSESSMENT = (
    "All assessments took place {at the study centre|in a room away from the gym}, and {took about 90 minutes|were spread over two visits of an hour}.",
    "Adverse events were {asked for at each contact|collected in a diary and by telephone} and {classified by a physician outside the trial|graded by severity}.",
    "Hospital admissions were taken from {records of the hospitals|a national register|diaries and confirmed in hospital records}.",
    "Adherence was the share of planned sessions that were {begun|logged}.",
)

STATISTICS = (
    "Continuous outcomes were compared by {linear mixed models with baseline value and centre as covariates|analysis of covariance with the baseline value as covariate}; {the difference is given with its 95% confidence interval|estimates are shown with 95% confidence intervals}.",
    "{Missing values were assumed to be missing at random|Missing outcomes were handled by the likelihood of the model}, and {a tipping-point analysis asked how far this would have to be wrong|multiple imputation was used in a sensitivity analysis}.",
    "Counts were compared by the ratio of risks.",
    "{No adjustment was made for several secondary outcomes, which are to be read as exploratory|Secondary outcomes were not adjusted for multiplicity}.",
    "{Analyses were done in R, version 3.6|Calculations were done in Stata 14}, following {a plan that was signed before the data were unlocked|a plan that was written beforehand}.",
)

ADHERENCE = (
    "{Median adherence was 78% (interquartile range 52 to 93)|Participants logged a median of 19 of 24 planned sessions}; {it fell after the fourth week|the commonest reasons for a missed session were illness, visitors and technical faults}.",
    "{One in ten needed help with the equipment|Eleven people needed a visit from a technician}.",
)

EXPERIENCE = (
    "{Of those asked at the end, four in five would recommend the programme to a friend|Most participants said that they would take part again}; {a few found that the screen made the room feel small|some missed the talk in the changing room}.",
    "{Contacts took a therapist 23 minutes on average, including notes|A therapist could look after about thirty people at a time}, {and time per person fell by a third from the first to the last week|with the longest contacts in the first fortnight}.",
    "{Relatives joined in about one session in six|Partners were present in many sessions, and some did the exercises too}.",
    "{Seven participants returned the equipment early, three of them because it reminded them of being ill|Five people gave the equipment back before the end, mostly for want of room}.",
)

SENSITIVITY = (
    "{Multiple imputation|Adjustment for age, sex and FEV1} {did not change the findings|gave estimates within a tenth of those shown}.",
    "{There was no sign that the effect differed by sex, age or severity (all p for interaction above 0.2)|In subgroups by sex, smoking and dyspnoea grade the estimates were alike, with wide intervals}.",
    "{The per-protocol analysis|An analysis of those who completed at least 70% of sessions} {pointed in the same direction|led to the same conclusion}.",
)

DISCUSSION = {
    "better": ("In this trial, <int> improved <primary> {more than|compared with} <ctl> at <weeks> weeks.", "The difference {was of a size that people notice|exceeded the smallest change that matters to people} (<mid>).", "{At <months> months part of it was still seen|Part of the difference was kept until <months> months}, {although fewer people could be assessed|with less certainty}."),
    "none": ("In this trial, <int> did not lead to a clear difference in <primary> compared with <ctl>.", "The confidence interval {leaves room for benefit as well as for harm|includes no effect}; <mid> is usually taken as the smallest difference that matters.", "{Both groups changed little after the programme|Later assessments gave no reason to think otherwise}."),
}

DISCUSSED = (
    ("Our findings {agree|are in line} with {those of an earlier trial of similar size|two smaller trials} [16, 17], {in which supervision was also live|although their participants were younger}.", "{Others found no difference|A larger trial found less} [18]; {there, sessions were shorter and contact ended after a month|its comparison group had also trained at home}.", "{Dose may matter more than the medium|It may matter less how people are reached than how often}: {programmes with at least three sessions a week did better in a recent synthesis|contact once a week seems to be the least that keeps people going} [19, 20]."),
    ("Why might <int> {work|act} as it did?", "{Training at home fits into days that are shaped by breathlessness, and removes the exhaustion of the journey|People told us that nobody watched them struggle, and that they went on longer than they had planned}.", "{On the other hand, the company of others is missed|Peers were missed by some}, {which may explain why a few left early|and this was the commonest complaint in the interviews} [21].", "{Confidence with technology rose within two weeks in nearly everybody, whatever their age|Age was not a hindrance: the oldest participant, aged 84, missed a single session}."),
    ("{Strengths of the trial are|The trial's strengths include} {random allocation, a prespecified primary outcome and high follow-up of admissions|its pragmatic setting and its broad criteria}.", "{There are limitations|Several limits must be named}.", "{Participants knew what they received, and questionnaires can be swayed by hope|Walking tests depend on encouragement}.", "{More people than planned were lost before the last assessment|Losses were larger than expected}, {and those who left walked less at baseline|mostly for reasons of health}.", "{People who agree to a trial of technology may be keener on it than others|We had too few people from ethnic minorities to say anything about them}.", "Costs were not {part of this report|studied here}."),
    ("{For practice|What follows for practice}?", "{Services with long distances could offer <int> as a choice beside what they have|Our results do not ask anyone to close a gym}.", "{Equipment must be simple, a person must answer the telephone, and there must be a first visit|A first meeting in person seems worth its cost: it builds trust and finds those who need oxygen}.", "{It should be studied how contact can be thinned without losing the gain|Further trials should compare schedules of contact, and follow people for at least two years} [22]."),
    ("{Harms were few|We saw little harm}.", "{Falls at home are a reasonable fear, yet they were no more common than in the other group|No event during a session led to admission}.", "{Still, the trial was too small for rare events|This does not rule out rare events}, and {programmes should keep a record of them|screening before training at home remains necessary} [23, 24]."),
)

DISCUSSED_MORE = (
    ("{How sure can one be of the result|How firm is this result}?", "{The interval around the main estimate is narrow enough to be of use, but rests on those who came back|The main estimate moved little when missing values were filled in under several assumptions}.", "{Only a strong link between leaving and getting worse, and in one group only, would overturn it|It would take an implausible difference among those lost to change its direction}.", "{Unblinded questionnaires remain the weak point, as in all trials of rehabilitation|As in any trial of exercise, hope and disappointment may have coloured what people wrote}.", "{Measures of walking, taken by staff with a script, are less easily swayed|We put more weight on tests that follow a script than on questionnaires}."),
    ("{Who takes part matters|The people in this trial are not all people with COPD}.", "{About one in three of those invited agreed|Two in five of those who were asked took part}, {a share that resembles rehabilitation in hospitals|as in most trials of rehabilitation}.", "{Those who declined were older and lived alone more often|Refusal was more common in those with heart failure and in those without a smartphone}.", "{Lending equipment lowered one barrier; a lack of room, of quiet and of confidence are others|Language was a barrier that we did not remove}.", "{Services that copy the programme should expect to spend time on these|These barriers will be met in practice as well}."),
    ("{Finally, rehabilitation is more than exercise|Exercise is one part of rehabilitation}.", "{Group talk, a careful look at inhalers and plans for bad days belong to it|Education, mood and the plan for exacerbations are others}, {and some of this came through the screen more easily than we had thought|and were given in both forms as far as possible}.", "{What people valued most, they told us, was that someone asked how the week had been|Many named the weekly question after their week as the most useful part}.", "{It is hard to put this into a dose|No measure in this trial caught it}, {yet it may be what keeps exercise going|and later work should try}."),
)

CONCLUSION = {
    "better": "In conclusion, <int> {led to gains|was better than <ctl>} in <primary> {in <pop>|over <weeks> weeks}{; whether it saves costs remains to be shown|}.",
    "none": "In conclusion, {we found no clear advantage of|this trial does not support} <int> over <ctl> {for <primary>|in <pop>}{, as it was given here|}.",
}

PROTOCOL_AIMS = ("We {will do|plan} a randomised trial of <int> against <ctl> in <pop>.", "We will ask whether <int> changes <primary> {more than|compared with} <ctl> at <weeks> weeks, and whether {people stay with it|it can be delivered as intended}.")

PROTOCOL_EXTRA = (
    ("{Training will begin|Participants will begin} with {walking or cycling at 60 to 80% of the peak reached in the baseline test|short bouts and long rests}, {and will be raised by ten per cent when a session is rated below 4 on the Borg scale|and therapists will raise the load by agreement}.", "{Physiotherapists will follow a written manual and will meet every month|A manual will be followed and one session in twenty will be observed}.", "{Equipment will be brought to the home by a technician, who will stay until it has been used once without help|A box with all that is needed will be brought to the home}.", "{Faults will be answered within one working day|A help line will be open from eight to six}.", "{Participants will be asked to stop when saturation falls below 85% or with chest pain|Nobody will train alone during the first week}."),
    ("{Assessments will take place in the practices|All assessments will be done in a room away from the gym} and {will take about 90 minutes|will be spread over two visits}.", "{Adverse events will be asked for at each contact|Harms will be collected in a diary and by telephone}, and {a physician outside the trial will classify them|will be graded by severity}.", "{Adherence will be the share of planned sessions that are begun|Adherence will be taken from the log of the program}.", "{Continuous outcomes will be compared by analysis of covariance with the baseline value as covariate|Differences will be given with 95% confidence intervals}, {and missing values will be handled by multiple imputation|and nothing will be concluded from p values}.", "{Twelve participants and all therapists will be interviewed|Interviews with participants and therapists will ask what helped and what hindered}."),
    ("{Recruitment will start in spring|We expect to recruit for one year}; {posters, letters from practices and a page on the web will be used|nurses in the practices will ask people at their yearly review}.", "{Those who decline will be asked for their reasons in one line|Reasons for refusal will be recorded}, {so that the reach of the programme can be described|without names}.", "{Nobody will lose any treatment by taking part|Usual treatment will go on in both groups}."),
    ("Data will be {entered twice|captured electronically with range checks} and {kept on servers of the university|stored under a number}.", "A {monitoring committee of three people|small committee} that is independent of the team will look at {recruitment, losses and harms every three months|safety after each tenth participant}; {no interim analysis of efficacy is planned|it may advise to stop for harm only}.", "{Participants will be told of the results in plain words|A summary for the public will be written with two people who have COPD}."),
    ("With so small a number, {this trial can tell whether a larger one is worth doing, not whether the programme works|estimates of effect will be uncertain; they will be given with intervals and not be tested}.", "{Progression needs at least 60% retention and 70% adherence|We will go on if six of ten people finish}.", "{Results are expected in two years|No results are available yet}."),
)

SUBJECTS = ("Telerehabilitation", "Home exercise", "Remote coaching", "Walking training", "Video supervision", "Virtual rehabilitation", "Pulmonary rehabilitation", "Self-management", "Exercise maintenance", "Breathlessness", "Adherence to training", "Physical activity")
RELATIONS = ("in chronic obstructive pulmonary disease", "in people with COPD", "after hospital admission", "in rural areas", "in older adults", "and quality of life", "and walking distance", "in primary care", "and use of services", "at one year")
FORMS = ("a randomised trial", "a systematic review", "a cohort study", "a qualitative study", "an official statement", "a pilot study", "a mixed-methods evaluation", "a secondary analysis", "minimal important differences", "a survey of services")
