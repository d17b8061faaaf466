"""Every filter, test, method, operator and format over values of every kind with any arguments, and with "characters" every
character through the methods that know letters: what Jinja2 makes of them, as lines of JSON for fuzz_templates.ts.

    pip install jinja2 transformers
    python tests/sandbox/fuzz_values.py SEED COUNT > /tmp/values.jsonl
    python tests/sandbox/fuzz_values.py characters > /tmp/characters.jsonl
    deno run -P=tools tests/sandbox/fuzz_templates.ts /tmp/values.jsonl

Of letters those differ that are newer than the Unicode of the Python that is asked.
"""
import copy
import inspect
import json
import random
import sys
import unicodedata

from transformers.utils import chat_template_utils

V = {"u": "user", "s": "Hello, World! it's\n  ok", "n": 3, "z": 0, "neg": -7, "f": 2.5, "nf": -0.0, "big": 10**20, "t": True, "fa": False, "no": None, "l": [3, 1, 2], "ls": ["b", "A", "c", "a"], "lm": [1, "a", None, 2.5, [1], {"k": 1}], "e": [], "d": {"b": 1, "A": [2], "c": None}, "ed": {}, "m": [{"role": "user", "content": "Hi", "n": 2}, {"role": "assistant", "content": None, "n": 1}, {"role": "user", "content": ["x"]}], "uni": "é😀ßİǆ\u0345 \u2028\x1c", "num": "12", "fl": "1.5e3", "neghex": "-0x1F", "html": "<b>a & 'b' \"c\"</b>", "pct": "a%20b c/d?é", "dd": {"x": {"y": {"z": [1, {"w": "deep"}]}}}, "cr": "a\r\nb\rc\x0bd\x0ce", "lt": [[1, 2], [3, 4]], "bl": [True, False, 1, 0, 1.0], "words": "the quick brown fox jumps over the lazy dog"}
VALS = [*V, "undef", "undef.x", "'a'", "''", "' '", "1", "0", "-1", "2", "10", "1.0", "0.5", "1e16", "1e15", "123456789.123456789", "1e-7", "true", "false", "none", "[]", "{}", "()", "(1,)", "(1, 2)", "[1, 2, 3]", "['a', 'b']", "{'a': 1}", "{1: 2, 'x': 'y'}", "range(3)", "'abc'", "'A,b'", "'-'", "d.items()", "d.keys()", "d.values()", "m | map(attribute='role')", "namespace(a=1)", "cycler('a','b')", "joiner(',')", "range", "dict", "l[1:]", "m[0]", "'%s'", "2**70", "0.1", "'{}'", "'\\t'", "' a b '", "[none]", "[[]]", "'é'"]
ARGS = ["0", "1", "2", "-1", "3", "10", "1.5", "''", "' '", "'a'", "','", "'role'", "'n'", "none", "true", "false", "[1]", "(1,)", "('a', 'H')", "{'a': 1}", "undef", "'b'", "l", "ls", "'upper'", "'defined'", "'eq'", "'>'", "m", "'é'", "0.0", "100", "'strict'", "d"]
SKIP = {"random", "urlize", "wordwrap"}  # chance, and what is refused by name
env = chat_template_utils._compile_jinja_template("").environment
FILTERS = [f for f in env.filters if f not in SKIP]
TESTS = list(env.tests)
PARAMS = {}
for f, fn in env.filters.items():
    try: PARAMS[f] = [p for p in inspect.signature(fn).parameters if p not in ("eval_ctx", "context", "environment", "args", "kwargs", "value", "s", "seq", "d", "obj")]
    except Exception: PARAMS[f] = []
METHODS = {}
for v in ["", [], {}, 1, 1.5, True, (), range(1), {}.items(), None]:
    for a in dir(v):
        if not a.startswith("_") and a not in ("encode",): METHODS.setdefault(type(v).__name__, []).append(a)
SUBJ = {"str": ["s", "u", "uni", "num", "fl", "'abc'", "''", "cr", "words", "' a b '", "'A,b'", "html", "'Straße ŉ ǅ'", "'\\u0130i'", "'x' * 3", "'tab\\there'"], "list": ["l", "ls", "lm", "e", "m", "bl"], "dict": ["d", "ed", "dd", "m[0]", "{1: 2}"], "int": ["n", "z", "neg", "big", "255", "true"], "float": ["f", "nf", "1e16", "2.0", "0.1"], "bool": ["t", "fa"], "tuple": ["(1, 2, 1)", "()"], "range": ["range(3)", "range(2, 9, 3)"], "dict_items": ["d.items()"], "NoneType": ["no"]}
def args(c, names=(), most=3):
    out = [c.choice(ARGS) for _ in range(c.choice([0, 0, 1, 1, 1, 2, 2, most]))]
    for n in names:
        if c.random() < .25: out.append(f"{n}={c.choice(ARGS)}")
    if c.random() < .04: out.append("*" + c.choice(["l", "e", "(1,)", "'ab'"]))
    if c.random() < .04: out.append("**" + c.choice(["{}", "{'a': 1}", "d"]))
    return ", ".join(out)
def val(c): return c.choice(VALS)
FMT = "<>=^"
def spec(c):
    return "".join([c.choice(["", "", "*<", "x>", "0=", "^", "<", ">", "é^"]), c.choice(["", "+", "-", " "]), c.choice(["", "", "z"]), c.choice(["", "#"]), c.choice(["", "0"]), c.choice(["", "5", "12", "1"]), c.choice(["", ",", "_"]), c.choice(["", ".0", ".2", ".5", ".10"]), c.choice(["", *"bcdeEfFgGnosxX%"])])
def pspec(c):
    return "%" + "".join([c.choice(["", "-", "+", " ", "#", "0", "-+", "#0", "+ "]), c.choice(["", "5", "12", "*"]), c.choice(["", ".0", ".3", ".10", "."]), c.choice([*"diouxXeEfFgGcrsa%"])])
def post(c, e): return "{{ " + e + " }}" + c.choice(["", "", "|{{ (" + e + ") is string }}", ])
def show(c, e):
    return c.choice(["{{ %s }}", "{{ (%s) | list }}", "{{ (%s) | string }}", "{{ (%s) | tojson }}", "{%% for x in (%s) %%}[{{ x }}]{%% endfor %%}", "{%% if %s %%}y{%% else %%}n{%% endif %%}", "{{ (%s) is defined }}", "{{ [%s] }}", "{{ {'k': %s} }}", "{{ (%s) | pprint }}", "{%% set q = %s %%}{{ q }}{{ q | length }}"]) % e
def case(c):
    k = c.randrange(20)
    if k < 6:
        f = c.choice(FILTERS); a = args(c, PARAMS[f])
        e = f"{val(c)} | {f}" + (f"({a})" if a or c.random() < .2 else "")
        if c.random() < .2: e += f" | {c.choice(FILTERS)}"
    elif k < 10:
        t = c.choice(list(SUBJ)); s = c.choice(SUBJ[t]); m = c.choice(METHODS.get(t) or ["x"])
        e = f"({s}).{m}" + (f"({args(c)})" if c.random() < .93 else "")
    elif k < 12:
        t = c.choice(TESTS); e = f"{val(c)} is {c.choice(['', '', 'not '])}{t}" + (f"({args(c)})" if c.random() < .5 else c.choice(["", " " + c.choice(ARGS)]))
    elif k < 15:
        ops = ["+", "-", "*", "/", "//", "%", "~", "==", "!=", "<", ">", "<=", ">=", "and", "or", "in", "not in"]
        e = f"{val(c)} {c.choice(ops)} {val(c)}"
        if c.random() < .25: e += f" {c.choice(ops)} {val(c)}"
        if c.random() < .1: e = c.choice(["-", "+", "not "]) + e
        if c.random() < .08: e = f"{c.choice(['2', '1.5', '-1', '0', 'n', 'f', 'neg', 'true'])} ** {c.choice(['2', '0', '-1', '0.5', '3', 'neg', 'f', 'true'])}"
    elif k == 15:
        i = lambda: c.choice(["", "0", "1", "-1", "2", "none", "5", "-9", "true", "big"]); e = f"({val(c)})[{c.choice([i() + ':' + i(), i() + ':' + i() + ':' + i(), c.choice(ARGS), c.choice(ARGS), '0,1', 'undef', 'u'])}]"
    elif k == 16: e = f"'{pspec(c)}{c.choice(['', '|', pspec(c)])}' % {c.choice(VALS + ['(1,)', '(1, 2)', '(2, 3.5)', '(5, 3, 1.25)'])}"
    elif k == 17: e = f"'{{{c.choice(['', '0', '1', 'a', '0[0]', '0.real', '0[a]', 'm', '!r', '!s', '!a', '0!r'])}:{spec(c)}}}'.format({c.choice([val(c), val(c), args(c), 'a=' + val(c), '1, 2', '3.14159', '1234567', '-5', 'true'])})"
    elif k == 18: e = c.choice(["range({})", "dict({})", "namespace({})", "cycler({})", "joiner({})", "raise_exception({})", "cycler('a', 'b').{}", "cycler(1,2).next() ~ cycler({}).current", "range({}) | list", "namespace(d).{}", "range(9).{}", "strftime_now({}) is string", "self.x({})", "undef({})", "u({})", "n({})", "none({})", "d({})", "l({})"]).format(args(c))
    else: e = "(" + val(c) + ")" + "".join(c.choice([".x", "['a']", "[0]", "[-1]", ".role", "['role']", ".items()", ".b", ".content", ".y.z", "[u]", "[n]", "[:1]", "()", ".real", ".keys()", "[none]", "['x'].y"]) for _ in range(c.randrange(1, 4)))
    return show(c, e) if c.random() < .7 else post(c, e)
def rendered(src):
    try: return {"template": src, "text": chat_template_utils._compile_jinja_template(src).render(**copy.deepcopy(V))}
    except (Exception, RecursionError) as x: return {"template": src, "error": f"{type(x).__name__}: {x}"[:200]}


CASES = ["title", "capitalize", "swapcase", "upper", "lower", "casefold", "isalpha", "isdigit", "isdecimal", "isnumeric", "isalnum", "isspace", "isupper", "islower", "istitle", "isprintable", "isidentifier"]
FILTERED = ["trim", "title", "capitalize", "wordcount", "urlencode", "escape", "tojson", "tojson(ensure_ascii=true)", "pprint", "center(4)", "striptags"]


def characters():
    """Every character alone and between others, 1,024 a line."""
    shapes = [f"{{{{ c.{one}() }}}}|{{{{ ('a' ~ c ~ 'B').{one}() }}}}" for one in CASES] + [f"{{{{ (c ~ 'x') | {one} }}}}{{{{ [c] }}}}{{{{ ('x' ~ c ~ 'B') | {one} }}}}" for one in FILTERED]
    for start in range(0, 0x20000, 0x400):
        known = [chr(code) for code in range(start, start + 0x400) if unicodedata.category(chr(code)) not in ("Cn", "Cs")]
        for shape in shapes if known else []:
            source = "{% for c in s %}" + shape + "\n{% endfor %}"
            text = chat_template_utils._compile_jinja_template(source).render(s=known)
            yield {"chat": "characters", "messages": [{"role": "user", "content": ""}], "chat_template_kwargs": {"s": known}, "template": source, "text": text}


if __name__ == "__main__":
    print(json.dumps(V))
    if sys.argv[1] == "characters":
        for line in characters():
            print(json.dumps(line))
    else:
        for at in range(int(sys.argv[2])):
            source = case(random.Random(f"{sys.argv[1]}-{at}"))
            huge = any(one in source for one in ("* big", "* 2**70", "big *", "2**70 *", "2**70)"))  # such repetitions take Python for ever
            line = None if huge else rendered(source)
            if line is not None and " at 0x" not in line.get("text", "").lower() and len(line.get("text", "")) < 50000:
                print(json.dumps(line))
