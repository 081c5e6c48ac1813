"""Requests on the edge of HTTP/1.1 and beyond it, as bytes, and how they must be answered: the same
by one process and by a gateway in front of a service. Numbers are sections of RFC 9112, or of the
RFC named.
"""
import collections

HOST = b"Host: a\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
JSON = b"Content-Type: application/json\r\n"
BODY = b'{"menuNm":"Bibimbap"}'
SMUGGLED = "Smuggled"
_SMUGGLED_BODY = b'{"menuNm":"Smuggled"}'
HIDDEN = b"POST /menus HTTP/1.1\r\n%s%sContent-Length: %d\r\n\r\n%s" % (HOST, JSON, len(_SMUGGLED_BODY), _SMUGGLED_BODY)
IN_CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)

# `statuses`: of the answers in their order, those 1xx left out. `closes`: whether the connection ends
# behind them; else the next request on it is answered as if nothing had been. `heads`: which of the
# answers are to HEAD.
Case = collections.namedtuple("Case", "name request statuses closes heads")


def refused(name, request, status=400):
    """Nothing that follows on the connection may be read as a request."""
    return Case(name, request, [status], True, ())


def taken(name, request, *statuses, closes=False, heads=()):
    return Case(name, request, list(statuses), closes, heads)


def get(headers=b"", target=b"/menus/1", version=b"HTTP/1.1", host=HOST, method=b"GET"):
    return b"%s %s %s\r\n%s%s\r\n" % (method, target, version, host, headers)


def post(headers, body=b"", version=b"HTTP/1.1"):
    return b"POST /menus %s\r\n%s%s%s\r\n%s" % (version, HOST, JSON, headers, body)


def length(value, body=BODY + HIDDEN):
    return post(b"Content-Length: " + value + b"\r\n", body)


def chunks(body, headers=b""):
    return post(CHUNKED + headers, body + HIDDEN)


def coding(value):
    return post(b"Transfer-Encoding:" + value + b"\r\n", IN_CHUNKS + HIDDEN)


GOOD_LENGTH = b"Content-Length: %d\r\n" % len(BODY)
TWO_LENGTHS = b"Content-Length: %d\r\nContent-Length: %d\r\n"

# 6.1, 6.3: which of two lengths holds, when both are said.
FRAMING = [
    refused("CL.TE", post(b"Content-Length: %d\r\n" % (len(HIDDEN) + 5) + CHUNKED, b"0\r\n\r\n" + HIDDEN)),
    refused("TE.CL", post(CHUNKED + b"Content-Length: 4\r\n", b"%x\r\n%s\r\n0\r\n\r\n" % (len(HIDDEN), HIDDEN))),
    refused("CL.0", post(b"Content-Length: 0\r\n" + CHUNKED, IN_CHUNKS + HIDDEN)),
    refused("TE.TE identity last", post(CHUNKED + b"Transfer-Encoding: identity\r\n", b"0\r\n\r\n" + HIDDEN)),
    refused("TE.TE identity first", post(b"Transfer-Encoding: identity\r\n" + CHUNKED, b"0\r\n\r\n" + HIDDEN), 501),
    refused("TE.TE chunked twice", post(CHUNKED + CHUNKED, b"0\r\n\r\n" + HIDDEN)),
    refused("TE twice in a list", coding(b" chunked, chunked"), 501),
    refused("TE gzip, chunked", coding(b" gzip, chunked"), 501),
    refused("TE chunked, gzip", coding(b" chunked, gzip"), 501),
    refused("TE with an empty item", coding(b" chunked,"), 501),
    refused("TE with a parameter", coding(b" chunked;q=1"), 501),
    refused("TE quoted", coding(b' "chunked"'), 501),
    refused("TE xchunked", coding(b" xchunked"), 501),
    refused("TE chunked-false", coding(b" chunked-false"), 501),
    refused("TE empty", coding(b"")),
    refused("TE behind a vertical tab", coding(b" \x0bchunked")),
    refused("TE behind a NUL", coding(b" \x00chunked")),
    refused("TE folded", coding(b"\r\n chunked")),
    refused("TE with a blank before the colon", post(b"Transfer-Encoding : chunked\r\n" + GOOD_LENGTH, BODY + HIDDEN)),
    refused("TE with a tab before the colon", post(b"Transfer-Encoding\t: chunked\r\n" + GOOD_LENGTH, BODY + HIDDEN)),
    refused("TE behind a line that begins with a blank", post(b" Transfer-Encoding: chunked\r\n" + GOOD_LENGTH, BODY + HIDDEN)),
    refused("TE in HTTP/1.0", post(CHUNKED, b"0\r\n\r\n" + HIDDEN, version=b"HTTP/1.0")),
    refused("two lengths", post(TWO_LENGTHS % (len(BODY), len(BODY + HIDDEN)), BODY + HIDDEN)),
    refused("two lengths, the other way round", post(TWO_LENGTHS % (len(BODY + HIDDEN), len(BODY)), BODY + HIDDEN)),
    refused("the same length twice", post(GOOD_LENGTH + GOOD_LENGTH, BODY + HIDDEN)),
    refused("two lengths in two cases", post(GOOD_LENGTH.upper().replace(b"\r\n", b"") + b"\r\ncontent-length: 0\r\n", BODY + HIDDEN)),
    taken("TE in capitals", coding(b" ChUnKeD").removesuffix(HIDDEN), 201),
    taken("TE with tabs around", coding(b"\tchunked\t").removesuffix(HIDDEN), 201),
    taken("a name that only looks like TE", post(b"Transfer_Encoding: chunked\r\n" + GOOD_LENGTH, BODY), 201),
    taken("a name that only looks like a length", post(b"Content_Length: 5\r\nContent-Lengths: 5\r\n" + GOOD_LENGTH, BODY), 201),
]

# 8.6 of RFC 9110: a length is digits.
LENGTHS = [
    refused("a list of lengths", length(b"%d, %d" % (len(BODY), len(BODY)))),
    refused("a list of differing lengths", length(b"0, %d" % len(BODY))),
    refused("a length with a plus", length(b"+%d" % len(BODY))),
    refused("a length with a minus", length(b"-%d" % len(BODY))),
    refused("minus zero", length(b"-0")),
    refused("a hexadecimal length", length(b"0x15")),
    refused("a length with a point", length(b"%d.0" % len(BODY))),
    refused("a length with an exponent", length(b"2e1")),
    refused("a length with a blank in it", length(b"2 1")),
    refused("a length with an underscore", length(b"2_1")),
    refused("a length with a semicolon", length(b"%d;a" % len(BODY))),
    refused("a quoted length", length(b'"%d"' % len(BODY))),
    refused("a length in full-width digits", length("２１".encode())),
    refused("a length behind a form feed", length(b"\x0c%d" % len(BODY))),
    refused("an empty length", length(b"")),
    refused("a length beyond 64 bits", length(b"18446744073709551637")),
    refused("a length of forty digits", length(b"9" * 40)),
    refused("a length that fits and is huge", length(b"9223372036854775807"), 413),
    taken("a length with zeros before it", length(b"000%d" % len(BODY), BODY), 201),
    taken("a length with blanks around it", length(b" \t%d \t" % len(BODY), BODY), 201),
    taken("GET with a body", get(GOOD_LENGTH) + BODY, 200),
    taken("GET with a body in chunks", get(CHUNKED) + IN_CHUNKS, 200),
    taken("GET whose body looks like a request", get(b"Content-Length: %d\r\n" % len(HIDDEN)) + HIDDEN, 200),
    taken("HEAD with a body", get(GOOD_LENGTH, method=b"HEAD") + BODY, 204, heads=(0,)),
    taken("OPTIONS with a body", get(GOOD_LENGTH, method=b"OPTIONS") + BODY, 200),
    taken("DELETE with a body", get(GOOD_LENGTH, target=b"/menus/999999", method=b"DELETE") + BODY, 404),
    taken("a method nobody knows, with a body", get(GOOD_LENGTH, method=b"FLY") + BODY, 405),
    taken("an unknown path, with a body", get(GOOD_LENGTH, target=b"/nothing") + BODY, 404),
]

# 7.1: chunks.
CHUNKS = [
    refused("a chunk size with a plus", chunks(b"+5\r\nhello\r\n0\r\n\r\n")),
    refused("a chunk size with a minus", chunks(b"-5\r\nhello\r\n0\r\n\r\n")),
    refused("a chunk size with 0x", chunks(b"0x5\r\nhello\r\n0\r\n\r\n")),
    refused("a chunk size with an underscore", chunks(b"1_5\r\n%s\r\n0\r\n\r\n" % BODY)),
    refused("a chunk size of letters", chunks(b"xyz\r\nhello\r\n0\r\n\r\n")),
    refused("no chunk size", chunks(b"\r\nhello\r\n0\r\n\r\n")),
    refused("a chunk size behind a blank", chunks(b" 5\r\nhello\r\n0\r\n\r\n")),
    refused("a chunk size beyond 64 bits", chunks(b"10000000000000015\r\n%s\r\n0\r\n\r\n" % BODY)),
    refused("a chunk size that fits and is huge", chunks(b"ffffffffffffffff\r\nhello\r\n0\r\n\r\n"), 413),
    refused("two chunks beyond the bound together", chunks(b"7fffffff\r\nhello\r\n0\r\n\r\n"), 413),
    refused("a chunk longer than its size", chunks(b"4\r\nhello\r\n0\r\n\r\n")),
    refused("a chunk without its line end", chunks(b"5\r\nhello0\r\n\r\n")),
    refused("a chunk ended by two other bytes", chunks(b"5\r\nhelloXX0\r\n\r\n")),
    refused("a chunk ended by LF", chunks(b"15\r\n%s\n0\r\n\r\n" % BODY)),
    refused("a chunk size ended by LF", chunks(b"15\n%s\r\n0\r\n\r\n" % BODY)),
    refused("a chunk size ended by CR", chunks(b"15\r%s\r\n0\r\n\r\n" % BODY)),
    refused("a last chunk ended by LF", chunks(b"15\r\n%s\r\n0\n\r\n" % BODY)),
    refused("an extension with an LF in it", chunks(b"15;a\nb\r\n%s\r\n0\r\n\r\n" % BODY)),
    refused("an extension ended by LF", chunks(b"15;a=b\n%s\r\n0\r\n\r\n" % BODY)),
    refused("an extension with a CR in it", chunks(b"15;a\rb\r\n%s\r\n0\r\n\r\n" % BODY)),
    refused("an extension with a line end in its text", chunks(b'15;a="\r\n"\r\n%s\r\n0\r\n\r\n' % BODY)),
    refused("an extension without a name", chunks(b"15;=\r\n%s\r\n0\r\n\r\n" % BODY)),
    refused("an extension with a NUL", chunks(b"15;a\x00\r\n%s\r\n0\r\n\r\n" % BODY)),
    refused("words behind a chunk size", chunks(b"15 a\r\n%s\r\n0\r\n\r\n" % BODY)),
    refused("an extension of 40 kB", chunks(b"15;a=" + b"x" * 40_000 + b"\r\n%s\r\n0\r\n\r\n" % BODY), 431),
    refused("a length in the trailers", chunks(b"15\r\n%s\r\n0\r\nContent-Length: 5\r\n\r\n" % BODY)),
    refused("a coding in the trailers", chunks(b"15\r\n%s\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n" % BODY)),
    refused("a folded trailer", chunks(b"15\r\n%s\r\n0\r\nX-A: b\r\n c\r\n\r\n" % BODY)),
    refused("a trailer without a colon", chunks(b"15\r\n%s\r\n0\r\nX-A\r\n\r\n" % BODY)),
    refused("a trailer ended by LF", chunks(b"15\r\n%s\r\n0\r\nX-A: b\n\r\n" % BODY)),
    refused("trailers of 40 kB", chunks(b"15\r\n%s\r\n0\r\nX-A: " % BODY + b"x" * 40_000 + b"\r\n\r\n"), 431),
    refused("a thousand trailers", chunks(b"15\r\n%s\r\n0\r\n" % BODY + b"X: y\r\n" * 1000 + b"\r\n"), 431),
    taken("a chunk size in capitals", chunks(b"000F\r\n%s\r\n6\r\n%s\r\n0\r\n\r\n" % (BODY[:15], BODY[15:])).removesuffix(HIDDEN), 201),
    taken("a last chunk of zeros", chunks(b"15\r\n%s\r\n0000000\r\n\r\n" % BODY).removesuffix(HIDDEN), 201),
    taken("a chunk with extensions", chunks(b'15;a=b;c;d="e f"\r\n%s\r\n0;z\r\n\r\n' % BODY).removesuffix(HIDDEN), 201),
    taken("trailers", chunks(b"15\r\n%s\r\n0\r\nX-A: b\r\nX-B: c\r\n\r\n" % BODY, b"Trailer: X-A\r\n").removesuffix(HIDDEN), 201),
    taken("a chunk for each byte", chunks(b"".join(b"1\r\n%c\r\n" % byte for byte in BODY) + b"0\r\n\r\n").removesuffix(HIDDEN), 201),
]

# 2.2, 5.1, 5.2: lines and fields.
LINES = [
    refused("LF for every line end", get().replace(b"\r\n", b"\n") + HIDDEN),
    refused("LF behind the request line", get().replace(b"\r\n", b"\n", 1) + HIDDEN),
    refused("LF behind a field", get(b"X-A: b\nX-B: c\r\n") + HIDDEN),
    refused("LF, CR, LF at the end of the head", get(b"X-A: b\r\n\n") + HIDDEN),
    refused("CR for a line end", get(b"X-A: b\rX-B: c\r\n") + HIDDEN),
    refused("CR, CR, LF", get(b"X-A: b\r\r\n") + HIDDEN),
    refused("CR, then another byte, before the end", get(b"X-A: b\r\n\rX\r\n") + HIDDEN),
    refused("a folded field", get(b"X-A: b\r\n c\r\n") + HIDDEN),
    refused("a field folded by a tab", get(b"X-A: b\r\n\tc\r\n") + HIDDEN),
    refused("a fold that hides a length", post(b"X-A: b\r\n Content-Length: 0\r\n" + GOOD_LENGTH, BODY + HIDDEN)),
    refused("a first field that is folded", b"GET /menus/1 HTTP/1.1\r\n Host: a\r\n\r\n" + HIDDEN),
    refused("a field of blanks", get(b"  \r\n") + HIDDEN),
    refused("a field without a colon", get(b"X-A\r\n") + HIDDEN),
    refused("a field without a name", get(b": b\r\n") + HIDDEN),
    refused("a blank before a colon", get(b"X-A : b\r\n") + HIDDEN),
    refused("a blank in a name", get(b"X A: b\r\n") + HIDDEN),
    refused("a parenthesis in a name", get(b"X(A): b\r\n") + HIDDEN),
    refused("a NUL in a name", get(b"X\x00A: b\r\n") + HIDDEN),
    refused("a NUL in a value", get(b"X-A: b\x00c\r\n") + HIDDEN),
    refused("a NUL in the target", get(target=b"/menus\x00/1") + HIDDEN),
    refused("DEL in a value", get(b"X-A: b\x7f\r\n") + HIDDEN),
    refused("a bell in a value", get(b"X-A: b\x07\r\n") + HIDDEN),
    refused("a letter beyond ASCII in a name", get("X-Ä: b\r\n".encode()) + HIDDEN),
    refused("two empty lines first", b"\r\n\r\n" + get() + HIDDEN),
    refused("a lonely LF first", b"\n" + get() + HIDDEN),
    refused("a blank before the method", b" " + get() + HIDDEN),
    taken("one empty line first", b"\r\n" + get(), 200),
    taken("letters beyond ASCII in a value", get("X-A: 배달\r\n".encode()), 200),
    taken("tabs and blanks around a value", get(b"X-A:\t b\t \r\n"), 200),
    taken("an empty value", get(b"X-A:\r\n"), 200),
    taken("every character a name may have", get(b"!#$%&'*+-.^_`|~09azAZ: b\r\n"), 200),
]

# 3.2 and 7.2 of RFC 9110: who is asked.
HOSTS = [
    refused("no Host", get(host=b"") + HIDDEN),
    refused("two Hosts", get(b"Host: b\r\n") + HIDDEN),
    refused("the same Host twice", get(HOST) + HIDDEN),
    refused("two Hosts in two cases", get(b"hOST: b\r\n") + HIDDEN),
    refused("an empty Host", get(host=b"Host:\r\n") + HIDDEN),
    refused("a Host with a path", get(host=b"Host: a/menus\r\n") + HIDDEN),
    refused("a Host with a user", get(host=b"Host: u@a\r\n") + HIDDEN),
    refused("a list of Hosts", get(host=b"Host: a, b\r\n") + HIDDEN),
    refused("a Host with a blank", get(host=b"Host: a b\r\n") + HIDDEN),
    refused("a Host with a scheme", get(host=b"Host: http://a\r\n") + HIDDEN),
    refused("letters for a port", get(host=b"Host: a:http\r\n") + HIDDEN),
    refused("port 65536", get(host=b"Host: a:65536\r\n") + HIDDEN),
    refused("a port with a sign", get(host=b"Host: a:+80\r\n") + HIDDEN),
    refused("half an IPv6 address", get(host=b"Host: [::1\r\n") + HIDDEN),
    refused("words behind an IPv6 address", get(host=b"Host: [::1]a\r\n") + HIDDEN),
    refused("a blank before Host's colon", get(host=b"Host : a\r\n") + HIDDEN),
    refused("two Hosts in HTTP/1.0", get(b"Host: b\r\n", version=b"HTTP/1.0") + HIDDEN),
    refused("another Host in the target", get(target=b"http://b/menus/1") + HIDDEN),
    refused("another port in the target", get(target=b"http://a:81/menus/1") + HIDDEN),
    taken("an IPv6 Host with a port", get(host=b"Host: [::1]:8080\r\n"), 200),
    taken("a Host in capitals, with a dot behind", get(host=b"HOST: A.Example.\r\n"), 200),
]

# 3.2: four forms of a target; 3.3 of RFC 3986, and what hides in paths.
TARGETS = [
    taken("absolute form", get(target=b"http://a/menus/1"), 200),
    taken("absolute form, in capitals", get(target=b"HTTP://A/menus/1"), 200),
    taken("absolute form without a path", get(target=b"http://a"), 200),
    taken("absolute form, in HTTP/1.0", get(target=b"http://a/menus/1", version=b"HTTP/1.0"), 200, closes=True),
    refused("absolute form with a user", get(target=b"http://u:p@a/menus/1") + HIDDEN),
    refused("absolute form without a host", get(target=b"http:///menus/1") + HIDDEN),
    refused("absolute form of another protocol", get(target=b"gopher://a/menus/1") + HIDDEN),
    refused("authority form", get(target=b"a:80") + HIDDEN),
    refused("CONNECT", get(target=b"127.0.0.1:22", method=b"CONNECT") + HIDDEN),
    refused("CONNECT with a path", get(method=b"CONNECT") + HIDDEN),
    refused("asterisk form, GET", get(target=b"*") + HIDDEN),
    taken("asterisk form, OPTIONS", get(target=b"*", method=b"OPTIONS"), 200),
    refused("a relative target", get(target=b"menus/1") + HIDDEN),
    refused("an empty target", get(target=b"") + HIDDEN),
    refused("a target with a blank", get(target=b"/menus /1") + HIDDEN),
    refused("a target with a tab", get(target=b"/menus\t/1") + HIDDEN),
    refused("a target with a fragment", get(target=b"/menus/1#a") + HIDDEN),
    refused("a target with a quote", get(target=b'/menus/"1"') + HIDDEN),
    refused("a target with a backslash", get(target=b"/menus\\1") + HIDDEN),
    refused("a target with angle brackets", get(target=b"/menus/<1>") + HIDDEN),
    refused("a target beyond ASCII", get(target="/메뉴".encode()) + HIDDEN),
    refused("a dot segment", get(target=b"/menus/./1") + HIDDEN),
    refused("two dots", get(target=b"/orders/../menus/1") + HIDDEN),
    refused("two dots at the end", get(target=b"/menus/1/..") + HIDDEN),
    refused("two dots, both encoded", get(target=b"/orders/%2e%2E/menus/1") + HIDDEN),
    refused("two dots, one encoded", get(target=b"/orders/.%2e/menus/1") + HIDDEN),
    refused("two dots with a parameter", get(target=b"/orders/..;a=b/menus/1") + HIDDEN),
    refused("two dots that lead to the operator's door", get(target=b"/menus/..%2factuator/loggers") + HIDDEN),
    refused("an encoded slash", get(target=b"/menus%2f1") + HIDDEN),
    refused("an encoded backslash", get(target=b"/menus%5c1") + HIDDEN),
    refused("an encoded NUL", get(target=b"/menus/1%00") + HIDDEN),
    refused("an encoded line end", get(target=b"/menus/1%0d%0aX-A:%20b") + HIDDEN),
    refused("half an escape", get(target=b"/menus/%3") + HIDDEN),
    refused("an escape of no number", get(target=b"/menus/%zz") + HIDDEN),
    refused("two dots in absolute form", get(target=b"http://a/orders/../menus/1") + HIDDEN),
    taken("dots that are a name", get(target=b"/menus/..."), 404),
    taken("two dots in a query", get(target=b"/menus?page=0&x=/../"), 200),
    taken("an escape in an id", get(target=b"/menus/%31"), 200),
    taken("an escape in a name", get(target=b"/%6denus/1"), 200),
    taken("an escaped operator's path", get(target=b"/%61ctuator/health"), 200),
    taken("an overlong escape", get(target=b"/%c0%ae%c0%ae/menus/1"), 404),
    taken("an escape twice over", get(target=b"/%252e%252e/menus/1"), 404),
    taken("two slashes", get(target=b"//menus/1"), 404),
    taken("path parameters", get(target=b"/menus;a=b/1"), 404),
    taken("a query that names a URL", get(target=b"/menus/1?u=http://b/..%2f%00"), 200),
    taken("a query of odd characters", get(target=b"/menus?a=[1]{2}|^`"), 200),
]

# 2.3, 3: versions and methods.
VERSIONS = [
    refused("HTTP/0.9", b"GET /menus/1\r\n" + HIDDEN),
    refused("HTTP/0.9 by name", get(version=b"HTTP/0.9") + HIDDEN, 505),
    refused("HTTP/1.2", get(version=b"HTTP/1.2") + HIDDEN, 505),
    refused("HTTP/2.0", get(version=b"HTTP/2.0") + HIDDEN, 505),
    refused("HTTP/3.0", get(version=b"HTTP/3.0") + HIDDEN, 505),
    refused("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN),
    refused("HTTP/01.1", get(version=b"HTTP/01.1") + HIDDEN),
    refused("HTTP/1.10", get(version=b"HTTP/1.10") + HIDDEN),
    refused("a version in small letters", get(version=b"http/1.1") + HIDDEN),
    refused("a blank in the version", get(version=b"HTTP/ 1.1") + HIDDEN),
    refused("a blank behind the version", get(version=b"HTTP/1.1 ") + HIDDEN),
    refused("a tab before the version", get().replace(b" HTTP", b"\tHTTP") + HIDDEN),
    refused("another protocol", get(version=b"ICY/1.1") + HIDDEN),
    refused("two versions", get(version=b"HTTP/1.1 HTTP/1.1") + HIDDEN),
    refused("TLS at the door", bytes.fromhex("16030100c8010000c40303") + b"\r\n\r\n" + HIDDEN),
    refused("a NUL in the method", get(method=b"GE\x00T") + HIDDEN),
    refused("a brace in the method", get(method=b"G{T") + HIDDEN),
    refused("no method", get(method=b"") + HIDDEN),
    taken("HTTP/1.0", get(version=b"HTTP/1.0"), 200, closes=True),
    taken("HTTP/1.0 without Host", get(version=b"HTTP/1.0", host=b""), 200, closes=True),
    taken("HTTP/1.0 that stays", get(b"Connection: keep-alive\r\n", version=b"HTTP/1.0"), 200),
    taken("a method in small letters", get(method=b"get"), 405),
    taken("TRACE", get(method=b"TRACE"), 405),
    taken("a method of forty letters", get(method=b"M" * 40), 405),
    taken("Connection: close", get(b"Connection: close\r\n") + HIDDEN, 200, closes=True),
    taken("Connection: close in a list", get(b"Connection: x, CLOSE\r\n") + HIDDEN, 200, closes=True),
    taken("Connection: close and keep-alive", get(b"Connection: keep-alive\r\nConnection: close\r\n") + HIDDEN, 200, closes=True),
]

# 9 and 7.6.1, 7.8, 10.1.1 of RFC 9110: what is between two neighbours.
HOPS = [
    taken("an upgrade to h2c", get(b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n"), 200),
    taken("an upgrade to h2c with a body", post(b"Connection: Upgrade\r\nUpgrade: h2c\r\n" + GOOD_LENGTH, BODY), 201),
    taken("an upgrade to TLS", get(b"Connection: Upgrade\r\nUpgrade: TLS/1.0\r\n"), 200),
    taken("an upgrade to a WebSocket nobody has", get(b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
                                                     b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"), 200),
    taken("Connection names the length", post(b"Connection: Content-Length\r\n" + GOOD_LENGTH, BODY), 201),
    taken("Connection names the coding", post(b"Connection: Transfer-Encoding\r\n" + CHUNKED, IN_CHUNKS), 201),
    taken("Connection names Host", get(b"Connection: Host\r\n"), 200),
    taken("Connection names who asks", get(b"Connection: X-Forwarded-For, Forwarded\r\nX-Forwarded-For: 1.2.3.4\r\n"), 200),
    taken("Connection of nothing", get(b"Connection: ,,\r\n"), 200),
    taken("TE: trailers", get(b"TE: trailers, chunked\r\nConnection: TE\r\n"), 200),
    taken("Proxy-Connection: close is nothing", get(b"Keep-Alive: timeout=1\r\n"), 200),
    taken("Expect, with the body at once", post(b"Expect: 100-continue\r\n" + GOOD_LENGTH, BODY), 201),
    taken("Expect, with chunks at once", post(b"Expect: 100-Continue\r\n" + CHUNKED, IN_CHUNKS), 201),
    taken("Expect without a body", get(b"Expect: 100-continue\r\n"), 200),
    taken("Expect in HTTP/1.0", post(b"Expect: 100-continue\r\n" + GOOD_LENGTH, BODY, version=b"HTTP/1.0"), 201, closes=True),
    refused("an unknown expectation", post(b"Expect: a-miracle\r\n" + GOOD_LENGTH, BODY + HIDDEN), 417),
    refused("two expectations", post(b"Expect: 100-continue, 100-continue\r\n" + GOOD_LENGTH, BODY + HIDDEN), 417),
    taken("pipelined", get() + get(target=b"/menus/999999") + post(GOOD_LENGTH, BODY) + get(), 200, 404, 201, 200),
    taken("pipelined, with all kinds of bodies", post(CHUNKED, IN_CHUNKS) + get(GOOD_LENGTH) + BODY + post(GOOD_LENGTH, BODY), 201, 200, 201),
    taken("pipelined behind an empty line each", (b"\r\n" + get()) * 3, 200, 200, 200),
    taken("a bad one between two good ones", get() + get(b"X : y\r\n") + HIDDEN, 200, 400, closes=True),
    taken("a bad body between two good requests", get() + post(CHUNKED, b"zz\r\n" + HIDDEN), 200, 400, closes=True),
    taken("HEAD", get(method=b"HEAD") + get(), 204, 200, heads=(0,)),
    taken("HEAD of nothing", get(target=b"/menus/999999", method=b"HEAD"), 404, heads=(0,)),
    taken("HEAD of a long list", get(target=b"/menus?size=100", method=b"HEAD"), 204, heads=(0,)),
    taken("HEAD of what has a body", get(target=b"/actuator/health", method=b"HEAD"), 200, heads=(0,)),
    Case("HEAD that is refused", get(b"X : y\r\n", method=b"HEAD") + HIDDEN, [400], True, (0,)),
    taken("304 has no body", get(b"If-None-Match: *\r\n") + get(), 304, 200),
    taken("204 has no body", get(target=b"/menus/2", method=b"DELETE") + get(), 204, 200),
    taken("412, and on", get(b"If-Match: \"4711\"\r\n" + JSON + GOOD_LENGTH, method=b"PATCH") + BODY, 412),
]

# 3, 5.4 of RFC 9110: sizes, at the defaults of http.header-bytes-max and http.headers-max.
HEAD_BYTES_MAX = 16 * 1024
HEADERS_MAX = 100


def head_of(size):
    """A request whose head has `size` bytes."""
    bare = len(get(b"X-A: \r\n"))
    return get(b"X-A: " + b"x" * (size - bare) + b"\r\n")


def target_of(size):
    """A request whose request line has `size` bytes."""
    bare = len(b"GET /menus/1?x= HTTP/1.1\r\n")
    return get(target=b"/menus/1?x=" + b"y" * (size - bare))


SIZES = [
    taken("a head as large as can be", head_of(HEAD_BYTES_MAX), 200),
    refused("a head one byte larger", head_of(HEAD_BYTES_MAX + 1) + HIDDEN, 431),
    refused("a head of 100 kB", head_of(100_000) + HIDDEN, 431),
    taken("a request line nearly as large as can be", target_of(HEAD_BYTES_MAX - len(HOST) - 2), 200),
    refused("a request line too large", target_of(HEAD_BYTES_MAX + 1) + HIDDEN, 414),
    refused("a request line of 100 kB", target_of(100_000) + HIDDEN, 414),
    taken("as many fields as can be", get(b"".join(b"X-%d: y\r\n" % i for i in range(HEADERS_MAX - 1))), 200),
    refused("one field more", get(b"".join(b"X-%d: y\r\n" % i for i in range(HEADERS_MAX))) + HIDDEN, 431),
    refused("a name of 20 kB", get(b"x" * 20_000 + b": y\r\n") + HIDDEN, 431),
    refused("a method of 20 kB", get(method=b"M" * 20_000) + HIDDEN, 414),
    refused("a body larger than any", length(b"%d" % 2**40), 413),
]

GROUPS = {"framing": FRAMING, "length": LENGTHS, "chunk": CHUNKS, "line": LINES, "host": HOSTS, "target": TARGETS,
          "version": VERSIONS, "hop": HOPS, "size": SIZES}
CASES = {f"{group}: {case.name}": case for group, cases in GROUPS.items() for case in cases}
assert len(CASES) == sum(map(len, GROUPS.values())), "two cases have one name"
