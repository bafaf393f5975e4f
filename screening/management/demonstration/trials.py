"""Invented randomised trials: titles and the sentences of their abstracts."""

from __future__ import annotations

# fmt: off
# Tables of text: one alternative after the other reads better than one per line.

BACKGROUND = (
    "Pulmonary rehabilitation {works|is effective}, but {few people who would benefit are referred|fewer than one in ten eligible people get it}{| in <place>}.",
    "Distance, transport and waiting lists keep many people {with lung disease |}from rehabilitation.",
    "{Whether <intervention> can help in <population> is unclear|It is not known whether <intervention> improves outcomes in <population>|Does <intervention> work in <population>? Trials are scarce}.",
    "{The evidence for|What is known of} <intervention> in <population> {rests on small studies|comes from single centres|is inconsistent}.",
    "{Technology|Remote care} might bring {exercise training|treatment} to {those who cannot travel|the home}, yet {its effects are debated|trials have disagreed}.",
    "{We aimed|The aim was|Our purpose was} to {compare|test} <intervention> {with|against} <comparator> in <population>.",
    "{Objective: to|This trial set out to} {determine|find out} whether <intervention> {improves|changes} <outcome> {compared with|more than} <comparator>.",
    "{Breathlessness|Inactivity} {limits daily life|predicts admission|is what people complain of most} in <population>.",
    "Guidelines {recommend|mention} <intervention>{ without high-quality evidence| on weak grounds|, although trials are few}.",
)

ALLOCATION = (
    "{In this|We did a|This was a} {single-blind|assessor-blinded|pragmatic|multicentre|two-arm|parallel-group} randomised controlled trial {at|in} <sites> {hospitals|centres|clinics} in <place>.",
    "<n> participants were randomly assigned ({1:1|2:1|in blocks of four and six}) to <intervention> or <comparator>.",
    "Participants were {randomised|randomly allocated} {by computer|by a central web service|with sealed opaque envelopes}, {stratified by centre|stratified by sex and severity|with minimisation for age and walking distance}.",
    "{A|This} cluster-randomised controlled trial {involved|was done in} <sites> practices in <place>; practices were randomised to <intervention> or to <comparator>.",
    "In a randomised cross-over trial with a washout of 4 weeks, <n> participants had <intervention> and <comparator> in random order.",
    "Between {2014 and 2017|2016 and 2019|2018 and 2021|2011 and 2014}, <n> people in <place> were randomised to <intervention> (n = <n_a>) or <comparator> (n = <n_b>).",
)

MEASURED = (
    "The primary outcome was {the change in |}<measure> {at|after} <weeks> weeks{; secondary outcomes were <second> and adverse events| and again at <months> months|}.",
    "We {measured|recorded} <measure> at baseline, at the end of the programme and at <months> months{ by assessors who did not know the allocation|}.",
    "{We measured|Outcomes were} <measure> and <second>{, with a minimal important difference set beforehand|}.",
    "Assessors {blinded to allocation|unaware of the groups} {recorded|measured} <measure>{; participants kept a diary|}.",
)

ANALYSIS = (
    "Analysis was by intention to treat{ with multiple imputation| with linear mixed models|}.",
    "{A non-inferiority margin|The minimal important difference} was {prespecified|taken from the literature}{ and the per-protocol set was analysed too|}.",
    "The {trial was registered|registration number is} (INVENTED-<register>).",
    "Mixed models {were adjusted|adjusted} for baseline values and centre.",
)

FLOW = (
    "{Of <screened> people screened, <n>|<n> participants (mean age <age> [SD <sd>] years, <women>% women)} were randomised and <n_done> {completed the last assessment|were followed up}.",
    "<n_done> of <n> participants {completed|finished} the {study|trial}; {reasons for leaving were|those lost had} {illness and lack of time|lower baseline walking distance|technical problems}.",
    "{Baseline|Entry} characteristics were {similar|balanced} (mean age <age> years, FEV1 <fev>% predicted).",
    "Recruitment {took|lasted} <months> months{ and stopped early because of the pandemic|}; <n_done> people {gave data for|entered} the primary analysis.",
)

EXTRA = (
    "{Attendance|Adherence} was <pct>% in the {intervention|first} group {and <pct2>% in the other|against <pct2>%}.",
    "{No serious adverse event was|Two falls and one episode of chest pain were not} related to {exercise|treatment}.",
    "{Adverse events were|Harms were} {rare and mild|similar between groups}.",
    "At <months> months {the difference had faded|the gain was kept in part|about half of the effect remained}.",
    "{Admissions|Exacerbations} {did not differ|were fewer, but numbers were small} ({rate ratio|IRR} 0.<pct>, 95% CI 0.{42|51|60} to 1.{09|17|31}).",
    "{One in ten|Eleven people} needed {a technician to visit|help with the equipment}.",
)

CONCLUSION = {
    "better": (
        "<intervention> {improved|led to clinically relevant gains in} <outcome> {compared with|over} <comparator>{ in <population>|}.",
        "{These results support|Our findings favour} <intervention>{ where centres are far away| as an option for <population>|}.",
        "{In|For} <population>, <intervention> {was superior to|did better than} <comparator> {in the short term|up to <months> months}.",
    ),
    "same": (
        "<intervention> was {not inferior|equivalent} to <comparator> for <outcome>{ and may widen access|}.",
        "{Both ways led to similar|Similar} gains in <outcome> were seen{; people could be offered the choice| with <intervention> and <comparator>|}.",
        "{We found no difference|No difference was found} between <intervention> and <comparator>; {larger trials are needed|costs and preference may decide}.",
    ),
    "none": (
        "<intervention> {did not improve|had no effect on} <outcome>{ in <population>|}.",
        "{The trial does not support|These data give no support to} {routine|} <intervention>{ as it was given here|}.",
        "Adding <intervention> {brought no benefit over|was no better than} <comparator>{; adherence was low|}.",
    ),
}

TITLES = (
    "{The effect|Effects} of <intervention> on <outcome> in <population>: {a|an assessor-blinded|a pragmatic|a multicentre} randomised {controlled |}trial",
    "<intervention> {versus|compared with} <comparator> {in|for} <population>: {a randomised controlled trial|randomised trial|a randomised non-inferiority trial}",
    "<acronym>: {a randomised trial of|a randomised comparison of} <intervention> {in|for} <population>",
    "{Can|Does} <intervention> {improve|change|help} <outcome> in <population>? {A randomised controlled trial|Results of a randomised trial|The <acronym> randomised trial}",
    "<outcome> after <intervention> or <comparator> in <population>: {a randomised trial|the <acronym> randomised controlled trial}",
    "{A cluster-randomised trial|Randomised cross-over trial|Pilot randomised controlled trial|Randomised controlled feasibility trial} of <intervention> in <population>",
    "<intervention> {after discharge|in primary care|in <place>|over <months> months|for <weeks> weeks}: {effects on <outcome> in <population>|a randomised trial in <population>}",
    "Long-term effects of <intervention> {on <outcome>|compared with <comparator>} in <population>: {follow-up of|<months>-month results of} a randomised trial",
)

ACRONYMS = (
    "BREEZE-HOME", "TELE-WALK", "AIRBRIDGE", "LUNGLINK", "STEPWISE-AIR", "HOMEBREATH", "FJORD", "OUTREACH-3", "REMOTE-PR", "INSPIRO",
    "WALKWELL", "CONNECT-AIR", "VIRTUPULM", "NORTHLUNG", "E-STRIDE", "KITCHEN-GYM", "PULSE-AT-HOME", "COACHLUNG", "SOFA", "MILESTONE",
)  # fmt: skip
