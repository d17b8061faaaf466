"""Random chat templates with what Jinja2 makes of them inside Transformers' own template compiler, as lines of JSON for
fuzz_templates.ts: {"template", "text"} or {"template", "error"}. The first line holds the variables.

    pip install jinja2 transformers
    python tests/sandbox/fuzz_templates.py SEED COUNT > /tmp/templates.jsonl
    deno run -P=tools tests/sandbox/fuzz_templates.ts /tmp/templates.jsonl

With "chats" before the seed: random conversations, tools and documents through the templates of fixtures/chat_templates.
"""
import copy
import json
import pathlib
import random
import re
import sys

from transformers.utils import chat_template_utils

VARIABLES = json.loads((pathlib.Path(__file__).parent.parent / "fixtures" / "jinja.json").read_text())["variables"]

STRINGS = ["''", "'a'", "'Hello World'", "\"it's\"", "'a,b,,c'", "' x\\ty \\n'", "'é😀ß'", "'12'", "'-3.5'", "'0x1f'", "'<a&b>\"\\''", "'{}-{:>4}'", "'ABC abc'", "'ǅ ŉ İ'", "'line1\\nline2\\r\\nline3'", "'\\u00e9\\x41\\101\\N{BULLET}'", "'%s and %d'", "'a' 'b'", "'tEsT-cASE o\\'neil'", "'\\d\\w\\\\'", "'aXbXc'", "'user'", "'١٢'", "'½²'", "'a b  c'", "'\\x1c\\x85\\u2028z'", "'\\0'", "'日本 語'", "'a.b.c'", "'1_000'", "'inf'", "'nan'", "'1e5'", "'true'"]
NUMBERS = ["0", "1", "2", "-1", "3", "7", "10", "255", "1_000", "0x1f", "0b101", "0o17", "1.5", "-2.25", "1e3", "1.0e-7", "2.0", "1e16", "123456789012345678901234567890", "0.1", "1e300", "-0.0", "3.14159", "100000", "2.5", "0.5", "1e22", "1e-5", "9007199254740993", "1.", "00", "1__0", "0x", "1e", "12abc", ".5"]
NAMES = ["messages", "messages[0]", "messages[1].content", "messages[-1]", "messages[1]", "tools", "tools[0]", "tools[0].function", "undef", "undef.x", "add_generation_prompt", "bos_token", "eos_token", "none", "None", "true", "True", "false", "False", "messages[1].n", "messages[1].f", "messages[1].ok", "messages[1].nil", "documents", "loop", "self", "namespace", "range", "caller", "varargs", "kwargs", "messages[1]['role']", "tools[0]['function']['parameters']"]
FILTERS = ["abs", "attr('role')", "attr('content')", "batch(2)", "batch(3, 'x')", "batch(linecount=2, fill_with=0)", "capitalize", "center", "center(20)", "center(width=9)", "default('d')", "default('d', true)", "d('x', boolean=true)", "default", "dictsort", "dictsort(true)", "dictsort(false, 'value')", "dictsort(by='value', reverse=true)", "dictsort(case_sensitive=true)", "escape", "e", "filesizeformat", "filesizeformat(true)", "first", "last", "float", "float(1.5)", "float(default=2)", "forceescape", "format(1, 'a')", "format(x=1)", "groupby('role')", "groupby(attribute='role', default='?')", "groupby('n', case_sensitive=true)", "indent", "indent(2)", "indent('--')", "indent(2, true)", "indent(width=3, first=true, blank=true)", "int", "int(5)", "int(default=3, base=16)", "int(0, 2)", "items", "join", "join(', ')", "join('-', 'role')", "join(attribute='content', d='|')", "join(1)", "length", "count", "list", "lower", "upper", "map('upper')", "map(attribute='role')", "map(attribute='content.x', default='-')", "map('default', 'q')", "map('int', base=8)", "map(attribute='0')", "map(attribute=0)", "max", "min", "max(attribute='n')", "min(true)", "max(case_sensitive=true)", "pprint", "reject('odd')", "reject", "rejectattr('role')", "rejectattr('role', 'eq', 'user')", "replace('a', 'X')", "replace('l', 'L', 1)", "replace('', '-')", "replace(old='o', new='0', count=2)", "replace('a')", "reverse", "round", "round(2)", "round(1, 'floor')", "round(method='ceil')", "round(-1)", "safe", "select", "select('string')", "select('in', [1, 2, 'a'])", "select('gt', 1)", "selectattr('role')", "selectattr('role', 'equalto', 'user')", "selectattr('content', 'string')", "selectattr('n', 'defined')", "slice(2)", "slice(3, 'f')", "slice(slices=2, fill_with=none)", "sort", "sort(true)", "sort(reverse=true, case_sensitive=true)", "sort(attribute='role')", "sort(attribute='role,content')", "string", "striptags", "sum", "sum(start=1)", "sum(attribute='n', start=2)", "sum('n')", "title", "tojson", "tojson(2)", "tojson(indent=1)", "tojson(ensure_ascii=true)", "tojson(sort_keys=true)", "tojson(separators=(',', ':'))", "tojson(indent=2, separators=(', ', '= '), sort_keys=true)", "tojson(true, 1)", "trim", "trim('aH')", "trim(chars='x ')", "truncate(5)", "truncate(5, true)", "truncate(4, true, '..', 0)", "truncate(length=6, leeway=0, end='!')", "unique", "unique(true)", "unique(attribute='role')", "urlencode", "wordcount", "xmlattr", "xmlattr(false)", "nope", "random", "wordwrap(4)", "urlize", "list | length", "select('defined') | list", "map('tojson') | join('; ')", "items | list", "string | length", "tojson | safe", "upper(1)", "join(', ', 'a', 3)", "trim(1, 2)", "length()", "default(x=1)", "map", "map('nope')", "select('nope')", "selectattr", "groupby", "dictsort(1,2,3,4)"]
METHODS = ["upper()", "lower()", "strip()", "strip('aH')", "strip(None)", "lstrip()", "rstrip('\\n')", "split()", "split(',')", "split(',', 1)", "split(sep=',', maxsplit=1)", "split(None, 1)", "split('')", "rsplit('b', 1)", "rsplit()", "splitlines()", "splitlines(true)", "splitlines(keepends=true)", "startswith('H')", "startswith(('H', 'a'))", "startswith('l', 2)", "endswith('d', 0, 3)", "endswith(('x','c'))", "find('l')", "find('l', 4)", "rfind('l')", "index('a')", "rindex('z')", "count('l')", "count('', 1)", "replace('l', 'L')", "replace('l', 'L', 1)", "replace('a', 'b', count=1)", "title()", "capitalize()", "swapcase()", "casefold()", "center(11, '*')", "ljust(9)", "rjust(9, '.')", "zfill(6)", "isdigit()", "isalpha()", "isalnum()", "isspace()", "isupper()", "islower()", "istitle()", "isnumeric()", "isdecimal()", "isidentifier()", "isascii()", "isprintable()", "join(['a', 'b'])", "join(messages)", "partition(',')", "rpartition('o')", "expandtabs()", "expandtabs(4)", "removeprefix('H')", "removesuffix('d')", "format(1, 2)", "format(messages)", "format(*[1,2])", "format_map({'a': 1})", "translate({97: 'z'})", "maketrans('a', 'b')", "encode()", "keys()", "values()", "items()", "get('role')", "get('zz', 'd')", "get('zz')", "get(1)", "copy()", "pop()", "append(1)", "update({})", "setdefault('a', 1)", "fromkeys(['a'])", "clear()", "sort()", "reverse()", "extend([1])", "insert(0, 1)", "remove(1)", "popitem()", "is_integer()", "as_integer_ratio()", "bit_length()", "bit_count()", "conjugate()", "hex()", "real", "imag", "numerator", "denominator", "__class__", "__len__()", "__add__(1)", "nope()", "upper", "strip", "items", "content", "role", "function.name", "to_bytes(2)", "isoformat()", "union([1])"]
TESTS = ["defined", "undefined", "none", "string", "number", "integer", "float", "boolean", "mapping", "iterable", "sequence", "callable", "true", "false", "odd", "even", "divisibleby(3)", "divisibleby 2", "eq(1)", "equalto 'a'", "== 1", "ne 'x'", "gt(2)", "lt 3", "ge(1)", "le(1)", "greaterthan 1", "lessthan(2)", "in [1, 'a', none]", "in 'Hello'", "sameas none", "sameas(true)", "lower", "upper", "escaped", "filter", "test", "nope", "in messages", "number is true", "divisibleby", "eq"]
BINARY = ["+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", ">", "<=", ">=", "and", "or", "in", "not in"]
PERCENTS = ["%s", "%r", "%d", "%i", "%5d", "%-5d|", "%05d", "%+d", "% d", "%x", "%#X", "%o", "%.2f", "%8.3f", "%e", "%g", "%.3g", "%c", "%%", "%a", "%*d", "%(a)s", "%(a)5s", "%.1s", "%5s", "%-5s|", "%u", "%F", "%G", "%E", "%z", "%", "%ld", "%.f", "%+.1e", "%#o", "%010.2f", "%.0f", "%#.0f", "%.10g"]
SPECS = ["", "d", "5d", "<5", ">5", "^5", "*^7", "=+6d", "05d", ",", ",d", "_d", "_x", "#x", "#b", "o", "X", "c", "n", "e", ".2e", "f", ".1f", ",.2f", "F", "g", ".3g", "G", "%", ".1%", "+", "+.2f", " d", "s", "5s", ".2s", ">6.2s", "*<6s", "0>4", "08.3f", "_", "z.1f", "5", "05", "-5", "^+8.1f", "10,.1f", "x^5c", "#o", "#010x", ",x", ".2d", "q", "5.1", "1.3"]
DIRECTIVES = "%Y %m %d %H %M %S %y %B %b %A %a %j %p %I %U %W %w %u %V %G %c %x %X %Z %z %% %e %D %F %T %R %h %n %t %C %s %-d %-m %k %l %P %r %Q %E %O %:z %f".split()


LISTS = ["messages", "tools", "[3, 1, 2]", "['b', 'A', 'c']", "[1, 'a', none, 2.5]", "[[1, 2], [3, 4]]", "range(5)", "(1, 'b')", "[{'n': 2, 'a': 'x'}, {'n': 1, 'a': 'Y'}]", "messages[1].items()", "'hello'", "[]", "[true, 0, '', [1]]", "[1, 1.0, true, 2]"]
DICTS = ["messages[1]", "{'b': 1, 'A': [2], 'c': none}", "tools[0].function", "{}", "{1: 'x', 'y': {'z': 2}}", "dict(a=1, b=2)", "namespace(a=1)"]
TEXTUAL = "capitalize center default indent lower upper title trim truncate replace striptags urlencode wordcount escape e forceescape safe string format int float".split()
KEYED = "dictsort items tojson attr pprint xmlattr keys() values() get copy pop setdefault update popitem clear fromkeys role content".split()
RARE_NAMES, RARE_NUMBERS = 22, 29  # from here on they are odd ones, or no number


def subject(c, what):
    """A value that most likely has the filter or method."""
    if c.random() < 0.2:
        return expression(c, 2)
    if any(what.startswith(one) for one in KEYED):
        return c.choice(DICTS)
    if what in METHODS:
        return c.choice(STRINGS) if METHODS.index(what) < METHODS.index("keys()") else c.choice(LISTS + NUMBERS[:20])
    if any(what.startswith(one) for one in TEXTUAL):
        return c.choice(STRINGS + STRINGS + NUMBERS[:28] + LISTS)
    if what.split("(")[0] in ("abs", "round", "filesizeformat"):
        return c.choice(NUMBERS[:28])
    return c.choice(LISTS)


def mostly(c, list_, odd):
    return c.choice(list_[:odd]) if c.random() < 0.95 else c.choice(list_)


def expression(c, depth=0):
    if depth > 3:
        return c.choice([c.choice(STRINGS), c.choice(NUMBERS[:14]), c.choice(NAMES[:22])])
    sub = lambda: expression(c, depth + 1)
    kind = c.randrange(26)
    if kind < 3:
        return c.choice(STRINGS)
    if kind < 5:
        return mostly(c, NUMBERS, RARE_NUMBERS)
    if kind < 7:
        return mostly(c, NAMES, RARE_NAMES)
    if kind == 7:
        return "[" + ", ".join(sub() for _ in range(c.randrange(4))) + c.choice(["", "", ","]) + "]"
    if kind == 8:
        return "(" + ", ".join(sub() for _ in range(c.randrange(3))) + c.choice(["", ","]) + ")"
    if kind == 9:
        return "{" + ", ".join(f"{c.choice(STRINGS[:6] + NUMBERS[:4] + ['none', 'true', '(1, 2)', '[1]'])}: {sub()}" for _ in range(c.randrange(3))) + "}"
    if kind < 13:
        name = c.choice(FILTERS)
        return f"{subject(c, name)}{c.choice([' | ', '|'])}{name}{c.choice(['', '', ' | ' + c.choice(FILTERS)])}"
    if kind < 15:
        name = c.choice(METHODS)
        return f"({subject(c, name)}).{name}"
    if kind == 15:
        return f"{sub()} is {c.choice(['', '', 'not '])}{c.choice(TESTS)}"
    if kind < 19:
        if c.random() < 0.6:
            kinds = c.choice([NUMBERS[:20], NUMBERS[:20], STRINGS, LISTS])
            return f"{c.choice(kinds)} {c.choice(BINARY)} {c.choice(kinds)} {c.choice(BINARY)} {c.choice(kinds + ['2', 'true'])}"
        return f"{sub()} {c.choice(BINARY)} {sub()}" if c.random() < 0.6 else f"({sub()}) {c.choice(BINARY)} ({sub()})"
    if kind == 19:
        return f"{c.choice(['not ', '-', '+', '- ', 'not not ', '--'])}{sub()}"
    if kind == 20:
        return f"{sub()} if {sub()}" + (f" else {sub()}" if c.random() < 0.7 else "")
    if kind == 21:
        part = lambda: c.choice(["", "0", "1", "2", "-1", "-2", "none", "5", "1.0", "'a'", "true"])
        key = c.choice(["0", "-1", "'role'", "'zz'", "1.0", "true", "none", f"{part()}:{part()}", f"{part()}:{part()}", f"{part()}:{part()}:{part()}", "::2", "::-1", "::0", "0, 1", "[1]", "'a':", "9"])
        return f"({sub()})[{key}]"
    if kind == 22:
        first, second = c.choice(PERCENTS), c.choice(["", "", c.choice(PERCENTS)])
        values = c.choice([sub(), f"({sub()},)", f"({sub()}, {sub()})", "{'a': 1}", "5", "(3, 7)", "-3.7", "'x'", "none"])
        if c.random() < 0.6:
            second, values = "", c.choice(["5", "-3.7", "'ab'", "255", "1e20", "0", "true", "(7,)", "none", "{'a': 1.5}", "123456789012345678901234567890"])
        return f"'{first}{second}' % {values}"
    if kind == 23:
        spec, other = c.choice(SPECS), c.choice(["", "", "{1}", "{a}", "{}", "{{}}", "{0[0]}", "{0.role}", "{!r}", "{!s:>4}", "{:{}}"])
        values = c.choice([sub(), "5", "-12345.678", "'ab'", "true", "0", "1e10", "255, 3", "*[1, 2]", "1, a=2"])
        if c.random() < 0.6:
            other, values = "", c.choice(["5", "-12345.678", "'ab'", "true", "0", "1e10", "255", "0.00001234", "123456789012345678901234567890", "-0.0"])
        return f"'{{{c.choice(['', '0'])}:{spec}}}{other}'.format({values})"
    if kind == 24:
        return c.choice(["range(3)", "range(1, 4)", "range(5, 0, -2)", "range(0)", "range(2.0)", "range(stop=3)", "range('a')", "dict(a=1)", "dict([('a', 1)])", "dict({'b': 2}, c=3)", "namespace(a=1)", "namespace(a=1).a", "namespace({'a': 2}).a", "joiner('|')()", "cycler('a', 'b').next()", "raise_exception('no')", "lipsum()", "loop.index", "loop.first", "self.b()", "[1, 2, 3][1:]", "'abc'[::-1]", "(1, 2) + (3,)", "[1] * 3", "2 ** 3 ** 2", "-2 ** 2", "1 < 2 < 3", "1 < 3 > 2 == 2", "not 1 == 2", "'a' in 'abc' in ['abc']", "7 // -2", "-7 % 3", "7.5 // 2", "1 / 3", "'a' ~ 1 ~ none", "'a' * 3", "1 == 1.0 == true", "none == undef", "[] < [1]", "'a' < 'B'", "(1, 'a') < (1, 'b')", "{} == {}", "undef is undefined", "undef ~ 'x'", "undef + 1", "undef | length", "undef[0]", "(undef or 'd')", "undef == undef2", "0.1 + 0.2", "10 ** 20", "2 ** -1", "10 ** 400", "1e308 * 10", "1 // 0", "1.5 // 0.0", "5 % 0", "[[1, 2], [3]] | map('first') | list", "messages | map(attribute='role') | unique | list", "true + 1", "'%s' % messages[1].n"])
    return f"({sub()})"


NAMED = ["a", "b", "x", "ns.v", "item", "x, y", "m"]


def open_tag(c):
    return c.choice(["{%", "{%", "{%", "{%-", "{%+"])


def close_tag(c):
    return c.choice(["%}", "%}", "%}", "-%}", "+%}"])


def data(c):
    return c.choice(["", "", " ", "\n", "\n\n", "  \n", "\t", "x", " x ", "x\n", "\n  x", "  ", "\r\n", "\r", "a%}b", "{ x }", "}}", "%}", "#}", "{ %", "\u00a0", "\u2028", "\f", "\v\n", "-", "{", "#", "##", "# for x", "<|im_start|>", "\n\t "])


def tag(c, text):
    return f"{open_tag(c)}{c.choice([' ', '', '  ', chr(10)])}{text}{c.choice([' ', '', chr(10) + ' '])}{close_tag(c)}"


def output(c):
    return f"{c.choice(['{{', '{{', '{{-', '{{+'])}{c.choice([' ', ''])}{expression(c)}{c.choice([' ', ''])}{c.choice(['}}', '}}', '-}}', '+}}'])}"


def statement(c, depth):
    body = lambda: block(c, depth + 1)
    e = lambda: expression(c, 1)
    kind = c.randrange(24)
    if kind < 5:
        text = tag(c, f"if {e()}") + body()
        while c.random() < 0.3:
            text += tag(c, f"elif {e()}") + body()
        return text + (tag(c, "else") + body() if c.random() < 0.5 else "") + tag(c, "endif")
    if kind < 10:
        target = c.choice(["x", "x", "x", "m", "k, v", "(k, v)", "x, y, z", "loop", "ns.v", "k, (a, b)"])
        source = c.choice(["messages", "messages", "tools", "range(3)", "messages[1].items()", "[[1, 2], [3, 4]]", "'abc'", "none", "undef", "1, 2", "[1, [2, [3]]]", "{'a': 1, 'b': 2}", "[]", "dict(a=1).items()", "messages | reverse", e()])
        more = c.choice(["", "", "", " if x", f" if {expression(c, 2)}", " recursive", " if loop.first", " if x is not mapping recursive"])
        inner = c.choice(["", "", "{{ loop.index }}", "{{ loop.index0 }}/{{ loop.length }}", "{{ loop.revindex }}{{ loop.revindex0 }}", "{{ loop.first }}{{ loop.last }}", "{{ loop.previtem }}{{ loop.nextitem }}", "{{ loop.cycle('o', 'e') }}", "{{ loop.changed(x) }}", "{{ loop.depth }}{{ loop.depth0 }}", "{{ loop(x) if x is iterable and x is not string }}", "{{ loop }}", "{% if loop.index > 1 %}{% break %}{% endif %}", "{%- if loop.first %}{% continue %}{% endif -%}", "{{ x }}", "{{ x.role }}", "{{ k }}={{ v }}", "{% set a = x %}{{ a }}", "{% set ns.v = ns.v + 1 %}", "{{ loop.nope }}", "{% set loop = 1 %}", "{{ loop.index + 1 }}{{ loop.previtem is defined }}"])
        return tag(c, f"for {target} in {source}{more}") + inner + body() + (tag(c, "else") + body() if c.random() < 0.25 else "") + tag(c, "endfor")
    if kind < 13:
        return tag(c, f"set {c.choice(NAMED)} = {c.choice([e(), e(), '1, 2', 'a, b', '[1, 2]'])}")
    if kind == 13:
        return tag(c, f"set {c.choice(['a', 'b', 'ns.v', 'x'])}{c.choice(['', '', ' | upper', ' | trim', ' | trim | length', ' | replace(1, 2)'])}") + body() + tag(c, "endset")
    if kind == 14:
        params = c.choice(["", "p", "p, q=2", "p=1, q=p", "p, q", "q=[]", "p=1, q", "p, p"])
        inner = c.choice(["", "{{ p }}{{ q }}", "{{ caller() if caller }}", "{{ varargs }}{{ kwargs }}", "{{ caller(1, 2) }}", "{{ p }}{% if p is defined and p is number and p > 0 %}{{ f(p - 1) }}{% endif %}", "{{ a }}{{ ns.v }}", "{{ loop }}", "{% set a = 5 %}{{ a }}"])
        calls = c.choice(["{{ f() }}", "{{ f(1) }}", "{{ f(1, 2) }}", "{{ f(1, 2, 3) }}", "{{ f(q=3) }}", "{{ f(1, q=2, r=4) }}", "{{ f(*[1, 2]) }}", "{{ f(**{'p': 1}) }}", "{{ f(1, p=2) }}", "{% call f() %}in{% endcall %}", "{% call(u, v=3) f(1) %}{{ u }}{{ v }}{% endcall %}", "{{ f.name }}{{ f.arguments }}{{ f.catch_kwargs }}{{ f.catch_varargs }}{{ f.caller }}", "{{ f }}", "{{ f(1) | upper }}", "{{ [1, 2] | map('f') }}", "{{ f(1) ~ f(2) }}", "{% set g = f %}{{ g(1) }}", "{{ f(1).upper() }}", "{{ f() is string }}"])
        return tag(c, f"macro f({params})") + inner + body() + tag(c, c.choice(["endmacro", "endmacro f", "endmacro"])) + calls
    if kind == 15:
        return tag(c, f"filter {c.choice(['upper', 'trim', 'upper | lower', 'indent(2)', 'replace(1, 2)', 'tojson', 'length', 'title'])}") + body() + tag(c, "endfilter")
    if kind == 16:
        return tag(c, f"with {c.choice(['', 'a = 1', 'a = 1, b = a', 'x = messages[0]', 'a = ' + expression(c, 2)])}") + body() + "{{ a }}" + tag(c, "endwith")
    if kind == 17:
        return f"{c.choice(['{#', '{#-', '{#+'])}{c.choice([' c ', '', chr(10), ' {{ x }} ', ' #} ', '-'])}{c.choice(['#}', '-#}', '+#}'])}"
    if kind == 18:
        return tag(c, "raw") + c.choice(["{{ x }}", " {% if %} ", "\n", " {# c #}\n ", "a\n"]) + tag(c, "endraw")
    if kind == 19:
        return tag(c, "generation") + body() + tag(c, "endgeneration")
    if kind == 20:
        return tag(c, c.choice(["block b", "block b scoped", "block c required"])) + body() + tag(c, c.choice(["endblock", "endblock b"]))
    if kind == 21:
        if c.random() < 0.6:
            return output(c)
        return tag(c, f"do {e()}") if c.random() < 0.2 else tag(c, c.choice(["break", "continue", "include 'x'", "import 'x' as y", "from 'x' import y", "extends 'x'", "nope", "endif", "else", "if", "for x", "set", "autoescape true", "trans", "debug", "set a", "", "if true else", "endfor x"]))
    if kind == 22 and c.random() < 0.3:
        return tag(c, f"call f({c.choice(['', '1'])})") + body() + tag(c, "endcall")
    return f"{{{{ strftime_now('{c.choice(DIRECTIVES[:12])}') | length }}}}"


def block(c, depth=0):
    text = ""
    for _ in range(c.randrange(1, 4) if depth < 3 else 1):
        text += data(c) + (output(c) if depth > 2 or c.random() < 0.55 else statement(c, depth)) + data(c)
    return text


def template(c):
    if c.random() < 0.5:
        return output(c)
    before = c.choice(["", "", "{% set ns = namespace(v=0) %}", "{%- set a = 'A' -%}", "{% macro f(p) %}[{{ p }}{{ caller() if caller }}]{% endmacro %}"])
    return before + block(c) + c.choice(["", "\n", "\n\n", "{{ a }}{{ ns.v }}", "\r\n"])


HUGE = re.compile(r"\*\*.*(\d{5}|e\d|1_000|\*\*)|(\d{5}|e\d)\W*\*")  # such powers and repetitions take Python for ever


def rendered(source):
    try:
        return {"template": source, "text": chat_template_utils._compile_jinja_template(source).render(**copy.deepcopy(VARIABLES))}
    except Exception as error:  # whatever a template may do wrong
        return {"template": source, "error": f"{type(error).__name__}: {error}"[:300]}


TEXTS = ["", "Hi", " Hello\n", "  two  \n\n", "<think>\nhm\n</think>\n\nOk", "</think>", "é😀<b>&\"'\\", "<tool_response>x</tool_response>", "{{ 1 + 1 }}", "a\tb\x1f", "The capital of France is Paris, a city.", "\u2028\ufeff", "12", "null"]
TOOLS = [
    {"type": "function", "function": {"name": "get_weather", "description": "Weather, in °C\n ", "parameters": {"type": "object", "properties": {"city": {"type": "string", "description": "Where <here>", "enum": ["A", "é"]}, "days": {"type": "integer", "default": 1}, "at": {"type": ["string", "null"], "x": {"y": [1.0, 1e20, None, True]}}}, "required": ["city"]}}},
    {"type": "function", "function": {"name": "now", "parameters": {"type": "object", "properties": {}}}},
    {"type": "function", "function": {"name": "odd", "description": "", "parameters": {}, "return": {"type": "string"}}},
    {"name": "flat", "parameters": {"properties": {"a": {"type": "string"}}}},
]


def content(c):
    return c.choice([*(c.choice(TEXTS) for _ in range(6)), None, [], [{"type": "text", "text": c.choice(TEXTS)}], [{"type": "image"}, {"type": "text", "text": c.choice(TEXTS)}], [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "u"}}], {"content": 1}, 7, True])


def call(c):
    arguments = c.choice([{}, {"city": "Zürich", "days": 2, "tags": ["a", 1.5, None], "o": {"k": True}}, '{"city": "A"}', {"a": "x"}, None])
    made = {"id": c.choice(["abcdefghi", "1"]), "type": "function", "function": {"name": c.choice(["get_weather", "now"]), "arguments": arguments}}
    return c.choice([made, made, made, made["function"]])


def message(c, role):
    made = {"role": role, "content": content(c) if c.random() < 0.4 else c.choice(TEXTS)}
    if role == "assistant" and c.random() < 0.4:
        made["tool_calls"] = c.choice([[call(c)], [call(c), call(c)], [], None])
    if role == "assistant" and c.random() < 0.3:
        made[c.choice(["reasoning_content", "thinking", "reasoning"])] = c.choice([*TEXTS, None])
    if role == "tool":
        made |= {"tool_call_id": "abcdefghi", "name": "now"}
    if c.random() < 0.05:
        del made["content"]
    return made


def chat(c, templates):
    roles = c.choice([[], ["system"], []]) + c.choice([["user"], ["user", "assistant", "user"], ["user", "assistant", "tool", "assistant"], ["user", "assistant", "tool", "tool"], ["assistant", "user"], ["user", "assistant"], ["user", "system", "user"], ["user", "narrator"], ["tool"]])
    name = c.choice(list(templates))
    continued = c.random() < 0.2
    return {
        "chat": name, "messages": [message(c, role) for role in roles], "tools": c.choice([None, None, [], TOOLS[:2], [c.choice(TOOLS)], TOOLS]), "documents": c.choice([None, None, [], [{"title": "the FIRST one", "text": " Line\ntwo "}, {"title": "", "text": "x" * 40, "n": [1, {"a": None}]}]]),
        "chat_template_kwargs": c.choice([{}, {}, {"enable_thinking": False}, {"enable_thinking": True}, {"tools_in_user_message": False}, {"builtin_tools": ["now"]}, {"date_string": "now"}, {"custom_tools": TOOLS[:1]}, {"bos_token": "B"}]), "continued": continued, "prompted": not continued and c.random() < 0.7,
    }


def answered(one, templates):
    """As apply_chat_template does it."""
    try:
        messages = chat_template_utils._normalize_chat_messages(copy.deepcopy(one["messages"]))
        texts, _ = chat_template_utils.render_jinja_template([messages], tools=one["tools"], documents=one["documents"], chat_template=templates[one["chat"]], continue_final_message=one["continued"], add_generation_prompt=one["prompted"], **{"bos_token": "<s>", "eos_token": "</s>", **one["chat_template_kwargs"]})
        return {**one, "template": templates[one["chat"]], "text": texts[0]}
    except Exception as error:
        return {**one, "template": templates[one["chat"]], "error": f"{type(error).__name__}: {error}"[:300]}


if __name__ == "__main__" and sys.argv[1] == "chats":
    seed, count = int(sys.argv[2]), int(sys.argv[3])
    folder = pathlib.Path(__file__).parent.parent / "fixtures" / "chat_templates"
    templates = {path.stem: path.read_text() for path in sorted(folder.glob("*.jinja"))}
    print(json.dumps(VARIABLES))
    for at in range(count):
        case = answered(chat(random.Random(f"{seed}-{at}"), templates), templates)
        if " at 0x" not in case.get("text", ""):
            print(json.dumps(case))
elif __name__ == "__main__":
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    print(json.dumps(VARIABLES))
    for at in range(count):
        chance = random.Random(f"{seed}-{at}")
        source = template(chance)
        if HUGE.search(source):
            continue
        case = rendered(source)
        if " at 0x" not in case.get("text", "") and len(case.get("text", "")) < 100000:
            print(json.dumps(case))
