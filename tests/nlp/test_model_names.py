"""Model names are found with their tails, joined across spellings and kept apart from their relatives."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.errors import VocabularyError
from nlp.families import load_families, parse_families
from nlp.model_names import ModelGrammar, supported
from nlp.model_stems import fold_names, spellings
from nlp.model_words import load_model_words, parse_model_words

FAMILIES = load_families()
GRAMMAR = ModelGrammar(FAMILIES)


def surfaces(text, **options):
    return [name.surface for name in GRAMMAR.find(text, **options)]


def confirmed(text):
    return [name.surface for name in GRAMMAR.confirmed(text)]


def only(text):
    (name,) = GRAMMAR.find(text)
    assert name.surface == text
    return name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("零一万物的Yi-34B模型已经下架", ["Yi-34B"]),
        ("作者说它基于LLaMA架构", ["LLaMA"]),
        ("这段话是用GPT4生成的", ["GPT4"]),
        ("Yi-34B 版本", ["Yi-34B"]),
        ("Llama 3的词表", ["Llama 3"]),
        ("我们测了Yi-34B-Chat-4bits。", ["Yi-34B-Chat-4bits"]),
        ("GPT-4 Turbo and Llama 3.1 405B Instruct", ["GPT-4 Turbo", "Llama 3.1 405B Instruct"]),
        ("Claude 3.5 Sonnet, Claude 3.7 Sonnet", ["Claude 3.5 Sonnet", "Claude 3.7 Sonnet"]),
        ("(DeepSeek-R1-Distill-Qwen-32B)", ["DeepSeek-R1-Distill-Qwen-32B"]),
        ("它与MiniCPM-Llama3-V 2.5几乎一样", ["MiniCPM-Llama3-V 2.5"]),
        ("Qwen2.5-VL-72B-Instruct 的输出", ["Qwen2.5-VL-72B-Instruct"]),
        ("文心大模型4.0和文心一言4.0", ["文心大模型4.0", "文心一言4.0"]),
        ("GLM-4-9B-Chat is small", ["GLM-4-9B-Chat"]),
        ("o1-preview beats o1", ["o1-preview", "o1"]),
        ("Gemini 1.5 Pro、Solar 10.7B", ["Gemini 1.5 Pro", "Solar 10.7B"]),
        ("盘古大模型发布会", ["盘古大模型"]),
        ("Llama3-V copied nothing, says Llama 3V's author", ["Llama3-V", "Llama 3V"]),
        ("Llama 3 vs Llama 2", ["Llama 3", "Llama 2"]),
        ("星火V3.5、日日新5.0、书生·浦语2.0", ["星火V3.5", "日日新5.0", "书生·浦语2.0"]),
        ("讯飞星火认知大模型V4.0", ["讯飞星火认知大模型V4.0"]),
        ("豆包大模型1.5 Pro", ["豆包大模型1.5 Pro"]),
        ("混元Large与腾讯混元Turbo", ["混元Large", "腾讯混元Turbo"]),
        ("百川2-13B和Baichuan2-7B-Chat", ["百川2-13B", "Baichuan2-7B-Chat"]),
        ("通义千问720亿参数模型", ["通义千问720亿参数"]),
        ("Kimi K2 and Kimi k1.5", ["Kimi K2", "Kimi k1.5"]),
        ("GPT-4o mini is not GPT-4o.", ["GPT-4o mini", "GPT-4o"]),
        ("claude-3-5-sonnet-20241022 answered", ["claude-3-5-sonnet-20241022"]),
        ("claude-sonnet-4-5 answered", ["claude-sonnet-4-5"]),
        ("FLUX.1 [dev] and FLUX.1-schnell", ["FLUX.1 [dev]", "FLUX.1-schnell"]),
        ("Command R+ by Cohere", ["Command R+"]),
        ("ollama run llama3.1:8b", ["llama3.1:8b"]),
        ("load yi-34b.Q4_K_M.gguf now", ["yi-34b.Q4_K_M.gguf"]),
        ("Qwen3-30B-A3B-Instruct-2507", ["Qwen3-30B-A3B-Instruct-2507"]),
        ("DeepSeek V3 0324 came out", ["DeepSeek V3 0324"]),
        ("ＧＰＴ－４ 的答案", ["ＧＰＴ－４"]),
        ("Llama-2-based and Llama-based", ["Llama-2", "Llama"]),
        ("a GPT-4-class model", ["GPT-4"]),
        ("non-Llama models", ["Llama"]),
        ("Llama 2 70B、Mixtral 8×7B", ["Llama 2 70B", "Mixtral 8×7B"]),
        ("源2.0-M32 与 悟道2.0", ["源2.0-M32", "悟道2.0"]),
        ("在Hugging Face上的01-ai/Yi-34B", ["Yi-34B"]),
        ("see mattshumer/Reflection-Llama-3.1-70B", ["Reflection-Llama-3.1-70B"]),
        ("meta-llama/Meta-Llama-3-8B-Instruct", ["Meta-Llama-3-8B-Instruct"]),
        ("deepseek-ai/DeepSeek-V3", ["DeepSeek-V3"]),
        ("Qwen/Qwen2.5-72B-Instruct", ["Qwen2.5-72B-Instruct"]),
        ("someone/zorblax-7b-merge-v2", ["zorblax-7b-merge-v2"]),
        ("Foo-13B-Chat beats FooBar-7B", ["Foo-13B-Chat", "FooBar-7B"]),
        ("Zorblax 2.5-72B-Instruct", ["Zorblax 2.5-72B-Instruct"]),
        ("公司发布小熊-13B大模型", ["小熊-13B"]),
        ("Quux-2-Instruct", ["Quux-2-Instruct"]),
        ("QuuxGPT is new", ["QuuxGPT"]),
        ("Spanish-LLaMA-2-7B", ["Spanish-LLaMA-2-7B"]),
        ("Llama/Qwen/Grok", ["Llama", "Qwen", "Grok"]),
        ("Llama-3-8B-Lexi-Uncensored-GGUF", ["Llama-3-8B-Lexi-Uncensored-GGUF"]),
    ],
)
def test_a_name_is_found_with_its_whole_tail(text, found):
    assert surfaces(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Llama 2 was trained", ["Llama 2"]),
        ("GPT-4 and others", ["GPT-4"]),
        ("Llama 2 plus a tokenizer", ["Llama 2"]),
        ("the Llama 3 base model", ["Llama 3"]),
        ("Mistral 7 people", ["Mistral"]),
        ("Claude 3 times", ["Claude"]),
        ("Llama 3 个版本", ["Llama"]),
        ("Llama 3成为标杆", ["Llama 3"]),
        ("Llama 3家族", ["Llama 3"]),
        ("豆包3个", ["豆包"]),
        ("Llama 2 users complain", ["Llama 2"]),
        ("Grok 2023", ["Grok"]),
        ("Grok 100 percent", ["Grok"]),
        ("Qwen 2.5, 3 and more", ["Qwen 2.5"]),
        ("Mistral 2B valuation", ["Mistral"]),
        ("Yi series", ["Yi"]),
        ("Mistral Large Model", ["Mistral Large"]),
        ("Qwen 50% cheaper", ["Qwen"]),
    ],
)
def test_a_tail_stops_before_ordinary_words_and_counts(text, found):
    assert surfaces(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Yipeng met Kaiyi",
        "GPTs are not a model",
        "the GPT Store",
        "ChatGPT 4.0 is a product",
        "Meta, Google and OpenAI",
        "a solar panel, a falcon, a spark",
        "Falcon 9 lifted off",
        "Raspberry Pi 4",
        "Apache Spark 3.5",
        "Claude Shannon and Claude Monet",
        "Kimi Antonelli won",
        "llama.cpp and LlamaIndex",
        "sub-10B models",
        "a 7B model, 13B more",
        "they raised $13B in a Series B 13B",
        "RTX-4090 and A100-80GB",
        "CH-47B and COVID-19",
        "约-13B、参数-13B",
        "盘古开天",
        "开源2.0时代",
        "vLLM and MLLM",
        "kimi.com",
        "Mistral AI raised money",
        "百川智能成立",
        "step by step",
        "opt-in",
        "",
    ],
)
def test_what_only_looks_like_a_name_is_not_one(text):
    assert surfaces(text) == []


@pytest.mark.parametrize(
    ("text", "family", "version", "size", "words", "stamp", "quantisation"),
    [
        ("Yi-34B-Chat-4bits", "yi", None, "34B", ("chat",), None, "4bits"),
        ("Llama 3.1 405B Instruct", "llama", "3.1", "405B", ("instruct",), None, None),
        ("DeepSeek-V3-0324", "deepseek", "v3", None, (), "0324", None),
        ("DeepSeek-R1-Distill-Qwen-32B", "deepseek", "r1", "32B", ("distill", "qwen"), None, None),
        ("claude-3-5-sonnet-20241022", "claude", "3.5", None, ("sonnet",), "20241022", None),
        ("gpt-4-1106-preview", "gpt", "4", None, ("preview",), "1106", None),
        ("Mixtral-8x7B", "mixtral", None, "8x7B", (), None, None),
        ("Qwen3-30B-A3B", "qwen", "3", "30B-A3B", (), None, None),
        ("Qwen2.5-72B-Instruct-AWQ", "qwen", "2.5", "72B", ("instruct",), None, "awq"),
        ("yi-34b.Q4_K_M.gguf", "yi", None, "34B", (), None, "q4_k_m-gguf"),
        ("bloom-560m", "bloom", None, "560M", (), None, None),
        ("Qwen2.5-0.5B", "qwen", "2.5", "0.5B", (), None, None),
        ("通义千问120亿参数", "qwen", None, "12B", (), None, None),
        ("GPT-4o", "gpt", "4o", None, (), None, None),
        ("GPT-4V", "gpt", "4", None, ("v",), None, None),
        ("Mistral-7B-Instruct-v0.2", "mistral", "v0.2", "7B", ("instruct",), None, None),
        ("Yi-34B-200K", "yi", None, "34B", ("200k",), None, None),
        ("gemma-2-9b-it", "gemma", "2", "9B", ("instruct",), None, None),
        ("Kimi K2", "kimi", "k2", None, (), None, None),
        ("Reflection-Llama-3.1-70B", "reflection", None, "70B", ("llama3.1",), None, None),
        ("Foo-13B-Chat", None, None, "13B", ("chat",), None, None),
        ("Zorblax 2.5-72B-Instruct", None, "2.5", "72B", ("instruct",), None, None),
    ],
)
def test_a_name_is_read_into_its_parts(text, family, version, size, words, stamp, quantisation):
    name = only(text)
    parts = (name.family, name.version, name.size, name.words, name.stamp, name.quantisation)
    assert parts == (family, version, size, words, stamp, quantisation)


@pytest.mark.parametrize(
    "spelled",
    [
        ["LLaMA-2", "Llama 2", "Llama2", "llama-2", "LLAMA_2", "Ｌｌａｍａ２"],
        ["LlaMA", "LLaMa", "LlaMa", "llama"],
        ["Qwen2.5-14B", "Qwen 2.5 14B", "通义千问2.5-14B", "qwen2.5:14b", "千问2.5-14B"],
        ["Mixtral-8x7B", "Mixtral 8x7B", "mixtral 8×7b"],
        ["MiniCPM-Llama3-V 2.5", "MiniCPM-Llama3-V-2.5", "MiniCPM-Llama3-V2.5"],
        ["Llama3-V", "Llama 3V", "Llama-3-V", "llama3v"],
        ["Claude Sonnet 4", "Claude 4 Sonnet", "claude-sonnet-4"],
        ["Gemini 1.5 Pro", "Gemini Pro 1.5", "gemini-1.5-pro"],
        ["文心大模型4.0", "文心一言4.0", "ERNIE 4.0", "ERNIE-4.0"],
        ["DeepSeek-V3", "DeepSeek V3", "deepseek-v3"],
        ["GPT-4", "GPT4", "GPT 4", "gpt-4"],
        ["Yi-34B-Chat", "Yi-34B-Chat-4bits", "Yi-34B-Chat-GGUF"],
        ["Llama-2-7b-chat-hf", "Llama 2 7B Chat"],
        ["Command R+", "command-r-plus"],
        ["GPT-4V", "GPT-4 Vision"],
        ["Code Llama 34B", "CodeLlama-34b"],
        ["通义千问", "通義千問", "Qwen"],
        ["Baichuan2-13B", "百川2-13B"],
        ["FLUX.1 [dev]", "FLUX.1-dev"],
        ["Zorblax-7B", "zorblax-7b"],
        ["Meta-Llama-3-8B-Instruct", "Llama 3 8B Instruct"],
    ],
)
def test_spellings_of_one_model_share_a_key(spelled):
    assert len({only(text).key for text in spelled}) == 1


@pytest.mark.parametrize(
    "relatives",
    [
        ["Llama 2", "Llama 3", "Llama 3.1", "Llama 2 7B", "LLaMA", "Code Llama", "Chinese-LLaMA-2", "Llama3-V"],
        ["Baichuan-7B", "Baichuan2-7B", "Baichuan-13B"],
        ["GPT-4", "GPT-4o", "GPT-4 Turbo", "GPT-4o mini", "GPT-3.5", "gpt-4-0613"],
        ["Claude 3.5 Sonnet", "Claude 3.7 Sonnet", "Claude 3.5 Haiku", "Claude 3.5"],
        ["Yi", "Yi-34B", "Yi-34B-Chat", "Yi-6B", "Yi-1.5-34B", "Yi-34B-200K"],
        ["DeepSeek-V3", "DeepSeek-R1", "DeepSeek-V3-0324", "DeepSeek-V3.1", "DeepSeek-R1-Distill-Qwen-32B"],
        ["o1", "o1-preview", "o1-mini", "o3"],
        ["MiniCPM-V 2.6", "MiniCPM-Llama3-V 2.5", "MiniCPM-2B"],
        ["Foo-7B", "Foo-13B", "Foo-13B-Chat"],
        ["Qwen2.5-72B", "Qwen2.5-7B", "Qwen2-72B", "Qwen2.5-VL-72B-Instruct", "Qwen2.5-Coder-32B-Instruct"],
    ],
)
def test_versions_sizes_and_tunes_never_share_a_key(relatives):
    assert len({only(text).key for text in relatives}) == len(relatives)


@pytest.mark.parametrize(
    "text",
    [
        "他们开源了Yi模型",
        "“Yi”的权重",
        "they released Yi last week",
        "the Yi series",
        "Yi models are good",
        "零一万物的Yi",
        "Yi and Yi-34B are alike",
        "发布豆包",
        "Kimi大模型升级",
        "DeepSeek 模型",
        "a Claude model",
        "Anthropic says Claude refuses",
        "「文心」升级",
    ],
)
def test_context_supports_a_bare_name(text):
    assert confirmed(text)


@pytest.mark.parametrize(
    "text",
    [
        "Yi Zhang wrote this",
        "Ms. Yi wrote this",
        "Mr Claude answered",
        "Claude老师说",
        "Kimi先生来了",
        "我爱吃豆包",
        "Yi said no",
        "DeepSeek said on Monday",
        "Mistral hired people",
        "Wang Yi spoke",
        "Step 1: install it",
        "Pi is 3.14",
    ],
)
def test_without_support_or_beside_a_person_a_bare_name_is_none(text):
    assert confirmed(text) == []


def test_a_certain_name_is_always_supported():
    name = only("Yi-34B")
    assert name.certain
    assert supported(name, "Yi-34B")


def test_ignored_spans_hold_no_names():
    text = "see https://example.org/Yi-34B and Yi-6B"
    assert surfaces(text, ignore=[(4, 30)]) == ["Yi-6B"]


def test_a_tail_does_not_reach_into_an_ignored_span():
    assert surfaces("Llama 2 70B", ignore=[(8, 11)]) == ["Llama 2"]


def test_unseen_names_have_no_family():
    name = only("Foo-13B-Chat")
    assert (name.family, name.family_key, name.key) == (None, "foo", "foo 13B chat")


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
def test_every_name_and_member_is_read_as_its_own_family(family):
    for text in (*family.names, *family.members):
        assert only(text).family == family.id


def test_members_are_certain():
    assert [member for family in FAMILIES for member in family.members if not only(member).certain] == []


def test_no_spelling_belongs_to_two_families():
    owners = {}
    for family in FAMILIES:
        for name in family.names:
            for form in spellings(name):
                assert owners.setdefault(form, family.id) == family.id


def test_bases_are_families():
    names = {family.name for family in FAMILIES}
    assert [family.id for family in FAMILIES if family.base and family.base not in names] == []


def test_a_grammar_without_families_still_finds_telling_tails():
    names = ModelGrammar(()).find("Foo-13B-Chat and Llama 2 and Yi-34B-Chat")
    assert [name.surface for name in names] == ["Foo-13B-Chat"]


PIECES = st.sampled_from(
    ["Yi", "LLaMA", "Llama 3", "-", " ", ".", "/", "34B", "2", "2.5", "Chat", "的", "通义千问", "大模型", "GPT", "v3", "x",
     "[dev]", "\0", "İ", "K2", "０", "Ａ", "-7b", "_", ":", "DeepSeek-R1", "Qwen", "亿参数", "\n"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_is_read_and_spans_hold(text):
    names = GRAMMAR.find(text)
    for name in names:
        assert text[name.start : name.end] == name.surface != ""
        assert name.key
        supported(name, text, others=names)
    assert all(a.end <= b.start for a, b in pairwise(names))
    assert len(fold_names(text)) == len(text)


@given(st.lists(PIECES).map("".join), st.integers(0, 30), st.integers(0, 30))
def test_nothing_touches_an_ignored_span(text, start, length):
    for name in GRAMMAR.find(text, ignore=[(start, start + length)]):
        assert name.end <= start or name.start >= start + length or length == 0


@pytest.mark.parametrize("piece", ["llama-", "Llama 2 ", "a-7b ", "-7b", "q4_", "1.1.", "yi", "Foo-", "的"])
def test_time_is_linear_in_the_text(piece):
    assert len(GRAMMAR.find(piece * 20_000)) <= 20_000


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('id = "Yi"\nname = "Yi"', "family 1: id is 'Yi'"),
        ('id = "yi"', r"family 1 \(yi\): name is missing"),
        ('id = "yi"\nname = "Yi"\ncolour = 1', r"family 1 \(yi\): unknown field 'colour'"),
        ('id = "yi"\nname = "Yi"\nsince = "2023"', "since is '2023'"),
        ('id = "yi"\nname = "Yi"\nmembers = "Yi-6B"', "members is 'Yi-6B'"),
        ('id = "yi"\nname = "Yi"\nmembers = ["Yi-6B", "Yi-6B"]', "members names 'Yi-6B' twice"),
        ('id = "yi"\nname = "Yi"\nambiguous = 1', "ambiguous is 1"),
        ('id = "yi"\nname = " Yi"', "name is ' Yi'"),
        ('id = "yi"\nname = "Yi"\ndeveloper = "A"\nauthor = "B"', "author"),
        ('id = "yi"\nname = "Yi"\n[[family]]\nid = "yi"\nname = "Er"', "id is taken"),
        ('id = "yi"\nname = "Yi"\n[[family]]\nid = "er"\nname = "YI"', "'YI' also belongs to 'yi'"),
    ],
)
def test_a_bad_entry_is_refused_with_file_entry_and_field(entry, said):
    with pytest.raises(VocabularyError, match=said) as raised:
        parse_families(f"[[family]]\n{entry}\n".encode(), where="my.toml")
    assert "my.toml" in str(raised.value)


def test_a_missing_file_is_an_error_of_ours(tmp_path):
    with pytest.raises(VocabularyError, match="cannot read"):
        load_families(tmp_path / "none.toml")


@pytest.mark.parametrize("content", [b"series = 1", b"= 1", b"\xff"])
def test_a_bad_file_of_words_is_refused(content):
    with pytest.raises(VocabularyError, match=r"words\.toml"):
        parse_model_words(content, where="words.toml")


def test_the_words_are_lower_case():
    words = load_model_words()
    assert all(word == word.lower() for word in (*words.series, *words.common, *words.packaging))
