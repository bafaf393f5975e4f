"""What in a text looks meant for a model rather than for a reader, as patterns by kind (SEC-05, SEC-06).

They are matched on text in lower case after NFKC (`hygiene`). Gaps are bounded and stay inside a sentence, which keeps
every pattern linear. Most kinds are looked for in English, German, French, Spanish, Russian, Chinese, Japanese and
Arabic, orders to forget instructions in five languages more. Patterns see what they were written for: what protects
against the rest is that nothing excludes alone, that quotes are checked, and that people decide.

Each is written as its possible beginnings and how it goes on. A text that holds none of the beginnings is not searched,
and most hold hardly any: that takes a tenth of the time.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One pattern, and letters of which a text that it matches holds some."""

    needles: tuple[str, ...]
    pattern: re.Pattern[str]

    def in_(self, text: str) -> bool:
        """Whether `text` matches."""
        return any(map(text.__contains__, self.needles)) and self.pattern.search(text) is not None


def _said(beginnings: str, rest: str) -> Suspicion:
    """`beginnings`, parted by |, each of letters, which may end with simple regular expressions."""
    edge = r"\b" if beginnings[0] in "abcdefghijklmnopqrstuvwxyz" else ""
    return Suspicion(
        tuple(_literal(one) for one in beginnings.split("|")), re.compile(f"{edge}(?:{beginnings})(?:{rest})")
    )


def _literal(beginning: str) -> str:
    """Its letters up to the first that may be missing: “ignore[rz]?” is “ignore”, “ignoriere?” is “ignorier”."""
    letters = re.split(r"[\\\[(?*]", beginning)[0]
    return letters[:-1] if beginning[len(letters) :][:1] in {"?", "*"} else letters


_DROP = "ignore|disregard|forget|override|bypass|do not follow"
_EARLIER = r"(?:previous|prior|above|earlier|preceding|your|system)"
_INSTRUCTION = (
    _said(
        _DROP,
        rf" (?:[\w']+ ){{0,3}}?{_EARLIER} (?:[\w']+ ){{0,2}}?"
        r"(?:instructions?|prompts?|rules|guidelines|directions|commands)\b",
    ),
    _said(_DROP, r" (?:all|any|every|these|the) (?:of )?(?:the |these |your )?(?:instructions?|prompts?)\b"),
    _said(_DROP, r" (?:all (?:of )?)?(?:your|the above|all) criteria\b"),
    _said(
        _DROP,
        r" (?:everything|anything|all) (?:that )?(?:you (?:were|have been)|was|has been|stands|comes|came)\b"
        r"[^.!?\n]{0,30}\b(?:before|above|so far|earlier|previously)\b",
    ),
    _said(
        r"ignorier\w*|missachte\w*|vergiss|vergessen sie",
        r"\b[^.!?\n]{0,50}\b(?:anweisung|instruktion|vorgaben\b|regeln\b)",
    ),
    _said(
        "ignoriere?|missachte|vergiss|vergessen sie", r" alles\b[^.!?\n]{0,40}\b(?:zuvor|vorher|bisher|davor|oben)\b"
    ),
    _said(
        r"ignore[rz]?|oublie[rz]?|ne tiens pas compte",
        r"\b[^.!?\n]{0,50}\b(?:instructions|consignes|directives|règles)",
    ),
    _said("ignore[rz]?|oublie[rz]?", r" tout\b[^.!?\n]{0,30}\b(?:précède|précédent|ci-dessus|plus haut|avant)\b"),
    _said(
        "ignora[r]?|ignore[r]?|olvid[ae]|desconsidere|esqueça",
        r"\b[^.!?\n]{0,50}\b(?:instrucciones|instruções|reglas|regras|indicaciones)",
    ),
    _said("ignor[ae]|olvid[ae]", r" todo\b[^.!?\n]{0,30}\b(?:anterior|antes|arriba)\b"),
    _said("ignora|dimentica|trascura", r"\b[^.!?\n]{0,50}\b(?:istruzioni|regole|indicazioni)"),
    _said("negeer|vergeet", r"\b[^.!?\n]{0,50}\b(?:instructies|aanwijzingen|regels)"),
    _said(r"игнорир\w*|забудь\w*|не обращай\w*", r"[^.!?\n]{0,50}(?:инструкци|указани|правил)"),
    _said("zignoruj|pomiń|yoksay|görmezden gel", ""),
    _said("talimatları|instrukcje", r"[^.!?\n]{0,30}(?:yoksay|görmezden|zignoruj)"),
    _said("忽略|无视|無視|不要理会|忘记", r"[^。!?\n]{0,20}(?:指令|指示|说明|提示|规则|要求)"),
    _said("指示|命令|ルール|プロンプト", r"[^。!?\n]{0,12}(?:無視|忘れ)"),
    _said("지시|명령|규칙|프롬프트", r"[^.!?\n]{0,12}(?:무시|잊)"),
    _said("تجاهل|انس", r"[^.!?\n]{0,30}(?:التعليمات|الأوامر|القواعد)"),
)
_PART = r"(?:assistant|ai|llm|model|reviewer|screener|editor|chatbot|bot)"
_ANSWERS = r"(?:assistant|assistent|asistente|ассистент|помощник|المساعد|助手|アシスタント)"
_TURN = rf"\s?:[^\0]{{1,300}}?{_ANSWERS}\s?:"  # of a conversation that nobody had
_ROLE = (
    _said("<", r"\|?/?(?:im_start|im_end|system|assistant|user|endoftext|eot_id|start_header_id)\b[^>\n]{0,20}\|?>"),
    Suspicion(("inst]",), re.compile(r"\[/?inst\]")),
    _said("<<", r"/?sys>>"),
    Suspicion(
        ("system", "assistant", "developer"),
        re.compile(r"(?:^|\n) ?#{0,4} ?(?:system|assistant|developer)(?: prompt| message)? ?:\s"),
    ),
    _said("user|human|nutzer|benutzer|utilisateur|usuario", _TURN),
    _said("пользователь|المستخدم|用户|用戶|ユーザー", _TURN),
    _said("you are now", r" (?:a|an|the|in)\b"),
    _said("act as", r" (?:a|an|the) (?:helpful|unrestricted|different)\b"),
    _said("you are no longer", rf" (?:a|an|the)\b[^.!?\n]{{0,30}}\b{_PART}\b"),
    _said("from now on", r",? you (?:are|act|will|must)\b"),
    _said("pretend", rf" (?:to be|that you are) (?:a|an|the)\b[^.!?\n]{{0,20}}\b{_PART}\b"),
    _said(
        "du bist|sie sind",
        r" (?:jetzt|nun|ab jetzt|nicht mehr)\b[^.!?\n]{0,30}\b(?:assistent|modell|gutachter|ki\b)",
    ),
    _said(
        "tu es|vous êtes",
        r" (?:désormais|maintenant)\b[^.!?\n]{0,20}\b(?:relecteur|assistant|modèle|éditeur|ia\b)",
    ),
    _said("ahora eres|eres ahora|actúa como", r"\b[^.!?\n]{0,20}\b(?:revisor|asistente|modelo|editor|ia\b)"),
    _said("ты|вы", r" (?:теперь|больше не)\b[^.!?\n]{0,30}\b(?:ассистент|помощник|редактор|рецензент|модел|ии\b)"),
    _said("你现在是|你从现在起是|从现在起|現在起", r"[^。\n]{0,12}(?:助手|扮演|编辑|模型|审稿)"),
    _said("あなたは今から|あなたはこれから|あなたはもう", r"[^。\n]{0,20}(?:です|として)"),
    _said("أنت", r" (?:الآن|من الآن)[^.!?\n]{0,30}(?:مساعد|محرر|مراجع|نموذج)"),
    _said("new instruction|new system|new prompt", r"s?(?: instructions?| prompt)?\s*:"),
    _said("nouvelles|neue|nuevas", r" (?:consignes|instructions|anweisungen|regeln|instrucciones|reglas)\s?:"),
    _said("новые инструкции|новые правила|تعليمات جديدة", r"\s?:"),
    _said("新|系统|系統|システム", r"的?(?:提示词?|指令|プロンプト|指示)\s?:"),
    _said("reveal|print|repeat|show", r"\b[^.!?\n]{0,20}\b(?:your|the) (?:system )?(?:prompt|instructions)\b"),
)
_THIS = r"this (?:record|abstract|article|paper|study|document|entry)"
_WORTH = r"(?:met|meeting|not[ _]met|includ\w*|exclud\w*|relevant|irrelevant|eligible|ineligible)"
_VERDICT = (
    _said(
        "mark|rate|label|set|answer|judge|classify|score",
        r"\b[^.!?\n]{0,30}\b(?:all|every|each|this|the)\b[^.!?\n]{0,30}"
        r"\b(?:criteri(?:a|on)|record|abstract|article|paper|study)\b[^.!?\n]{0,30}\b(?:as|to)\b[^.!?\n]{0,10}"
        r"\b(?:met|not[ _]met|includ\w*|exclud\w*|relevant|irrelevant)\b",
    ),
    _said(
        "you must|please|always|make sure to|be sure to",
        rf"\b[^.!?\n]{{0,15}}\b(?:include|exclude|accept|reject)\b[^.!?\n]{{0,10}}\b{_THIS}\b",
    ),
    _said(
        "this record|this abstract|this article|this paper|this study|this document|this entry",
        r" (?:must|should|has to|is to) be (?:included|excluded|accepted|rejected"
        rf"|(?:judged|rated|marked|classified|labell?ed|scored)\b[^.!?\n]{{0,20}}\b{_WORTH})\b",
    ),
    _said(
        "respond|reply|answer|output",
        r" (?:only |just )?(?:with|as)? ?[\"'“`](?:include|exclude|met|not[ _]met|yes|no)\b",
    ),
    _said("judgement|judgment|verdict", r"[\"”']?\s*:\s*[\"“']?(?:met|not_met|unclear|include|exclude)\b"),
    _said("not_met", r"\b"),
    _said(
        "bewerte|beurteile|markiere|werte",
        r"(?:n sie)?\b[^.!?\n]{0,30}\bkriteri(?:um|en)\b[^.!?\n]{0,30}\berfüllt",
    ),
    _said(
        "lehne|schließe|nimm|nehmen sie",
        r"(?:n sie)? diese\w* (?:artikel|studie|datensatz|arbeit|beitrag)\b",
    ),
    _said(
        "diese studie ist|diese arbeit ist",
        r" (?:unbedingt |zwingend )?(?:aufzunehmen|auszuschließen|abzulehnen|einzuschließen)",
    ),
    _said(
        "juge[rz]?|marque[rz]?|considère|considérez|évalue[rz]?",
        r"\b[^.!?\n]{0,40}\bcritères?\b[^.!?\n]{0,40}\b(?:remplis?|satisfaits?)\b",
    ),
    _said(
        "excluez|incluez|rejetez|rejette|acceptez",
        r" (?:cet|cette|ce) (?:article|étude|résumé|notice|enregistrement)\b",
    ),
    _said(
        "marque|marca|juzgue|juzga|califique|califica|considere",
        r"\b[^.!?\n]{0,30}\bcriterios?\b[^.!?\n]{0,20}\b(?:cumplid|satisfech)",
    ),
    _said(
        "excluy[ae]|incluy[ae]|rechac[ea]|acept[ae]", r" (?:este|esta|el|la) (?:artículo|registro|estudio|resumen)\b"
    ),
    _said(
        "исключи|включи|отклони|прими",
        r"(?:те)? (?:эту|этот|данную|данный|это) (?:статью|запись|исследование|документ)",
    ),
    _said("считай|оцени|отметь", r"(?:те)?\b[^.!?\n]{0,40}критери\w*[^.!?\n]{0,40}(?:выполнен|соответств)"),
    _said("ни один критерий не", r" (?:теперь )?выполнен"),
    _said(
        "所有|全部|每个|各项",
        r"的?(?:标准|准则|条件)[^。\n]{0,6}(?:判定|判断|标记|视)为?[^。\n]{0,6}(?:符合|满足|不符)",
    ),
    _said(
        "请|必须|务必|并",
        r"[^。\n]{0,6}(?:纳入|排除|接受|拒绝)(?:本|这篇|此|该|所有)[^。\n]{0,4}(?:文章|研究|记录|文献|论文)",
    ),
    _said(
        "すべて|全て|全|各",
        r"の?基準[^。\n]{0,20}(?:満たす|満たさない|満たして|該当)[^。\n]{0,6}(?:判定|判断|評価|回答)",
    ),
    _said("この論文|この研究|この記録|この文献", r"を(?:除外|採用|採択)(?:せよ|しろ|しなさい|してください)"),
    _said(
        "يجب عليك|الرجاء|رجاء",
        r"[^.!?\n]{0,10}(?:إدراج|استبعاد|قبول|رفض)[^.!?\n]{0,10}(?:المقال|الدراسة|السجل)",
    ),
    _said("اعتبر|اعتبار|قيم|قيّم", r"[^.!?\n]{0,10}(?:جميع|كل) المعايير"),
    _said("استبعد|أدرج|ارفض|اقبل", r" (?:هذه |هذا )?(?:المقال|الدراسة|السجل)"),
    # sentences that are offered as evidence
    _said(
        "quote|cite|copy|use",
        r" (?:this|the following) (?:sentence|passage|line)\b[^.!?\n]{0,40}\b(?:criteri(?:a|on)|quote|evidence)\b",
    ),
    _said("zitiere|kopiere", r"(?:n sie)? (?:diesen|den folgenden) satz\b"),
    _said("citez|copiez|recopiez", r" (?:cette|la) phrase\b"),
    _said("cita|cite|copia|copie", r" (?:esta|la siguiente) (?:frase|oración)\b"),
    _said("процитируй|скопируй", r"(?:те)? (?:это|следующее) предложение"),
    _said("基準", r"[^。\n]{0,10}「[^」\n]{0,60}」(?:という)?文?を引用"),
    _said("引用|复制", r"(?:以下|这)(?:句|段)"),
    # another form of reply
    _said("answer|reply|respond", r" (?:only |exactly |just )*with (?:exactly )?(?:this|the following) json\b"),
    _said("antworte", r"(?:n sie)? [^.!?\n]{0,12}mit (?:diesem|folgendem) json\b"),
    _said("réponds|répondez", r" [^.!?\n]{0,20}\bce json\b"),
    _said("responda|responde", r" [^.!?\n]{0,20}(?:este|el siguiente) json\b"),
    _said("只|仅|直接", r"(?:输出|返回|回答)[^。\n]{0,8}json"),
    _said("以下|次", r"の?json[^。\n]{0,6}(?:のみ|だけ)"),
    _said("ответь", r"(?:те)? [^.!?\n]{0,20}(?:этим|следующим) json\b"),
)
_MODEL = r"(?:ai|llms?|(?:large )?language models?|chatbots?|automated|machine|screening (?:tool|assistant|model))"
_READER = (
    _said("attention|note|notice|message|instruction|a word", rf"s? (?:to|for)(?: all| any| the)? {_MODEL}\b"),
    _said("if you are", rf" (?:an? )?(?:{_MODEL}|assistant)\b"),
    _said("reviewer|screening|ai|llm", r" bots?\s?:"),
    _said("as an ai", r" (?:language )?model\b"),
    _said(
        "hinweis|nachricht|anweisung|mitteilung",
        r" (?:an|für) (?:das |die |alle |den )?(?:sprachmodell|ki\b|llm|chatbot)",
    ),
    _said(
        "note|message|avis|consigne",
        r"s? (?:à|pour|aux?) (?:l['’]|le |la |les |tout )?(?:ia\b|intelligence artificielle|modèles? de langage)",
    ),
    _said(
        "nota|mensaje|aviso|instrucci",
        r"(?:ón|ones)? (?:para|a|al) (?:la |el |los |las )?(?:ia\b|inteligencia artificial|modelos? de lenguaje)",
    ),
    _said("сообщение|примечание|обращение|инструкция", r" (?:для|к) (?:ии\b|языков|нейросет|искусственн)"),
    _said("致|给|告|提醒", r"[^。\n]{0,12}(?:ai|人工智能|语言模型|大模型)[^。\n]{0,6}:"),
    _said("aiへ|人工知能へ|言語モデルへ", r"(?:\s?:|の(?:指示|お願い|命令))"),
    _said("ملاحظة|رسالة|تعليمات", r" (?:إلى|ل) ?(?:نموذج|النموذج|الذكاء)"),
)
_ENDS = r"(?:end|begin|fin|début|ende|beginn|конец|начало|نهاية)"
_DELIMITER = (
    _said("<<", rf"<?/?\s*(?:{_ENDS}|record|data|text|abstract)\b"),
    # a line of a thousand dashes is tried from its first one only
    Suspicion(("-", "=", "#"), re.compile(rf"(?<![-=#])[-=#]{{3,}}\s?{_ENDS}\b[^\n]{{0,40}}[-=#]{{3}}")),
    Suspicion(("结束", "終了"), re.compile(r"(?<![-=#])[-=#]{3,}\s?[^\n]{0,10}(?:结束|終了)[^\n]{0,10}[-=#]{3}")),
    _said("【", r"[^】\n]{0,10}(?:结束|完|終了|終わり|开始)】"),
    _said("end of", r" (?:the )?(?:record|untrusted text|user input|document data)\b"),
    _said("```", r" ?(?:system|json)? ?\n"),
    _said("<", r"/?(?:record|untrusted|document|context|instructions?)\b[^>\n]{0,30}>"),
)
_TOOL = (
    _said("<", r"/?(?:tool_call|tool_use|function_calls?|invoke)\b"),
    _said('"name"', r"\s*:\s*\"\w{1,60}\"\s*,\s*\"(?:arguments|parameters|input)\"\s*:"),
    _said(
        "exclude_|include_|reject_|accept_|set_|update_|delete_",
        r"(?:the_|this_)?(?:record|status|article|paper|study|decision|verdict|vote)\s?\(",
    ),
)
# Text that a page of the web would not show; an abstract that holds it was copied with it.
_UNSHOWN = (
    _said("<!--", r"[^\0]{4,600}?-->"),
    _said("<", r"\w{1,10} [^>\n]{0,80}(?:display:\s?none|visibility:\s?hidden|font-size:\s?0)"),
)

SUSPICIONS: dict[str, tuple[Suspicion, ...]] = {
    "instruction": _INSTRUCTION,
    "role": _ROLE,
    "asks_for_verdict": _VERDICT,
    "talks_to_ai": _READER,
    "fake_delimiter": _DELIMITER,
    "calls_tool": _TOOL,
    "hidden_text": _UNSHOWN,
}
BY_LINE = {"role", "fake_delimiter"}  # these depend on line ends, the others run on over them
