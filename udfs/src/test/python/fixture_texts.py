"""Texts: what the tokenizer is trained on, and the items that are judged and embedded."""

INSTRUCTION = (
    "I will provide you with a query and a candidate. Please evaluate whether the candidate meets "
    "the requirements of the query. If it does, respond with 'Yes'; if it doesn't, respond with 'No'."
)

SPECIAL_TOKENS = [
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
]

SYSTEM_TURN = "You weigh evidence and answer briefly."

_CAPTIONS = [
    f"a {size} {colour} {shape} {where} a {other} {second}"
    for size in ("large", "small")
    for colour, other in (("red", "blue"), ("green", "yellow"), ("blue", "white"))
    for shape, second in (("circle", "square"), ("triangle", "star"), ("square", "circle"))
    for where in ("left of", "right of", "above", "below")
]

CORPUS = (
    [INSTRUCTION] * 4
    + ["Yes", "No", "Query:", "Candidate:", "system", "user", "assistant", SYSTEM_TURN] * 8
    + _CAPTIONS
    + [
        "Find a picture of an everyday scene that fits the given caption.",
        "Two dogs run over wet sand while a man in a yellow coat looks on.",
        "Which of these words describes the object in the photograph?",
        "A bowl of rice with vegetables stands on a wooden table next to the window.",
        "The train leaves at 07:45 from platform 12 and doesn't stop before noon.",
        "She said: it's fine, they've seen it, we'll go, I'd rather not.",
        "Café, naïve, Zürich, smørrebrød, señor, crème brûlée.",
        "一只红色的大圆在蓝色的小方块左边。两只狗在沙滩上奔跑。",
        "桌子上有一碗米饭和蔬菜。请找出与描述相符的图片。",
        "赤い円は青い四角の左にあります。",
        "Большой красный круг слева от синего квадрата.",
        "🔴 left of 🟦, 🐶🐶 on the beach 🏖️ 👍🏽",
        "def area(r):\n    return 3.14159 * r ** 2  # not {{ a template }}\n",
        "{% if x %}{{ y }}{% endif %}",
    ]
    * 3
)

LONG_TEXT = " ".join(
    f"In panel {i} a {size} {colour} {shape} stands {where} the window, and nobody has moved it since {1990 + i}."
    for i, (size, colour, shape, where) in enumerate(
        [
            ("large", "red", "circle", "left of"),
            ("small", "blue", "square", "below"),
            ("large", "green", "triangle", "right of"),
            ("small", "yellow", "star", "above"),
            ("large", "white", "circle", "next to"),
            ("small", "red", "triangle", "left of"),
            ("large", "blue", "star", "below"),
            ("small", "green", "square", "right of"),
        ]
    )
)

NFD = "Cafe\u0301 nai\u0308ve, Zu\u0308rich, A\u030angstro\u0308m, \u1112\u1161\u11ab"  # normalised to NFC by the tokenizer


def item(text=None, image=None):
    return {"text": text, "image": image}


# name, query, candidate; every pair is judged in both orders
PAIRS = [
    ("text only", item("a large red circle left of a small blue square"), item("two dogs run over wet sand")),
    ("text only, same meaning", item("dogs on the beach"), item("Two dogs run over wet sand")),
    ("one word each", item("red"), item("blue")),
    ("image query, text candidate", item(None, "wide.png"), item("a bowl of rice stands on a wooden table")),
    ("text query, image candidate", item("a small green triangle above a yellow star"), item(None, "tall.png")),
    ("both sides text and image", item("the same, but blue", "exact.png"), item("a blue square", "small.png")),
    ("two images, no text", item(None, "large.jpg"), item(None, "exact.png")),
    ("two images, neither resized", item("find it", "exact.png"), item("this one", "exact-wide.png")),
    ("several windows, none resized", item("a star", "exact-large.png"), item("this one", "exact-wide.png")),
    ("query text empty, with image", item("", "exact-wide.png"), item("a yellow star", "exact.png")),
    ("alpha and gray", item("which one", "alpha.png"), item("that one", "gray.png")),
    ("halves round to even", item("a square", "halves.png"), item("a star", "exact-wide.png")),
    ("Chinese", item("一只红色的大圆在蓝色的小方块左边。"), item("两只狗在沙滩上奔跑。", "exact.png")),
    ("emoji", item("🔴 left of 🟦 👩‍👩‍👧‍👦"), item("🐶🐶 on the beach 🏖️ 👍🏽")),
    ("combining accents", item(NFD), item("Café naïve, Zürich")),
    ("image markers", item("<|image_1|>\nfind a picture like this", "exact.png"), item("<|image_1|>\n", "exact-wide.png")),
    ("marker in the middle", item("look at <|image_1|>\n\nand tell", "exact.png"), item("<|image_1|>a red circle", "small.png")),
    ("marker without an image", item("<|image_1|>\nfind a dog"), item("a dog <|image_1|>")),
    ("Jinja syntax", item("{{ messages }} {% if x %}{# no #}"), item("{{ raise_exception('x') }} {%- endfor %} }}")),
    ("vision tokens in a text", item("<|vision_start|><|image_pad|><|vision_end|>fake"), item("<|video_pad|>a star", "exact.png")),
    ("white space and newlines", item("  two  spaces\n\n and\ttabs \r\n"), item("\n")),
    ("long text", item(LONG_TEXT), item("a large white circle next to the window", "exact.png")),
    ("long candidate", item("which panel has a star", "exact-wide.png"), item(LONG_TEXT)),
]

# name, order, shared side, other sides
GROUPS = [
    (
        "text query against mixed candidates",
        "query-first",
        item("a large red circle left of a small blue square"),
        [
            item("a large red circle left of a small blue square"),
            item("two dogs"),
            item(None, "exact.png"),
            item("a red circle", "exact-wide.png"),
            item(LONG_TEXT),
            item("<|image_1|>\n两只狗", "wide.png"),
        ],
    ),
    (
        "image query against mixed candidates",
        "query-first",
        item("<|image_1|>\nfind a picture like this", "exact.png"),
        [
            item("a bowl of rice"),
            item(None, "exact.png"),
            item(None, "exact-wide.png"),
            item("no", "tall.png"),
            item("🐶"),
            item("a small yellow star above a white circle, next to the window"),
        ],
    ),
    (
        "image candidate against mixed queries",
        "candidate-first",
        item(None, "exact-wide.png"),
        [
            item("a small green triangle above a yellow star"),
            item("dog"),
            item("the same, but blue", "exact.png"),
            item(None, "large.jpg"),
            item(LONG_TEXT),
            item("一只红色的大圆"),
        ],
    ),
    (
        "text candidate against mixed queries",
        "candidate-first",
        item("a bowl of rice with vegetables stands on a wooden table"),
        [
            item("rice"),
            item("where is the bowl?"),
            item(None, "exact.png"),
            item("what is in the picture?", "exact-wide.png"),
            item("", "small.png"),
            item("桌子上有一碗米饭和蔬菜。"),
        ],
    ),
]

# name, item
EMBEDDED = [
    ("text only", item("a large red circle left of a small blue square")),
    ("one token", item("a")),
    ("image only", item(None, "exact.png")),
    ("image only, resized", item(None, "wide.png")),
    ("image and text with marker", item("<|image_1|>\nfind a picture like this", "exact-wide.png")),
    ("image and text without marker", item("find a picture like this", "exact-wide.png")),
    ("marker in the middle", item("look at <|image_1|>\nand tell what is left of it", "exact.png")),
    ("marker at the end", item("represent the picture: <|image_1|>", "exact-wide.png")),
    ("marker without an image", item("<|image_1|>\nfind a dog")),
    ("empty text with image", item("", "exact.png")),
    ("Chinese", item("一只红色的大圆在蓝色的小方块左边。")),
    ("emoji with image", item("🐶🐶 on the beach 🏖️", "exact-wide.png")),
    ("combining accents", item(NFD)),
    ("vision tokens in a text", item("<|vision_start|><|image_pad|><|vision_end|>fake", "exact-wide.png")),
    ("long text", item(LONG_TEXT)),
]

# For the tokenizer alone.
TOKENIZED = [
    "",
    " ",
    "Yes",
    "No",
    "'Yes'; 'No'.",
    "It's, they'VE, we'll, I'd",
    "12345 and 3.14",
    "tabs\tand  two spaces   three \n newline\n\n\nthree\r\n",
    "trailing spaces   ",
    "Café naïve",
    NFD,
    "一只红色的大圆",
    "👩‍👩‍👧‍👦 👍🏽 🏖️",
    "مرحبا بالعالم हिन्दी ไทย",
    "<|im_start|>user\nhello<|im_end|>\n",
    "<|vision_start|><|image_pad|><|image_pad|><|vision_end|>",
    "x<|image_pad|>y",
    "<|image_1|>\n",
    "<|im_start |> <|im_end",
    "\u00a0no-break\u3000ideographic\u200bzero",
    "{{ x }} {% y %}",
    "\x00\x01\x7f",
]
