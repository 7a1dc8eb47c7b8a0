"""120 texts that would run something, or add something to a page, wherever one is not escaped."""

from __future__ import annotations

_BODIES = (
    "<script>alert({0})</script>",
    "<ScRiPt >alert({0})</sCrIpT >",
    "<script src=//127.0.0.1:1/{0}.js></script>",
    "<img src=x onerror=alert({0})>",
    "<img/src=`x`/onerror=alert({0})>",
    "<svg onload=alert({0})>",
    "<svg><script>alert({0})</script></svg>",
    "<svg><animate onbegin=alert({0}) attributeName=x dur=1s>",
    "<body onload=alert({0})>",
    "<iframe srcdoc='<script>alert({0})</script>'></iframe>",
    "<iframe src=javascript:alert({0})></iframe>",
    "<object data=javascript:alert({0})></object>",
    "<embed src=//127.0.0.1:1/{0}>",
    "<link rel=stylesheet href=//127.0.0.1:1/{0}.css>",
    "<style>@import url(//127.0.0.1:1/{0});</style>",
    "<meta http-equiv=refresh content='0;url=javascript:alert({0})'>",
    "<base href=//127.0.0.1:1/{0}/>",
    "<form action=//127.0.0.1:1/{0}><button>go</button></form>",
    "<button formaction=javascript:alert({0})>x</button>",
    "<input autofocus onfocus=alert({0})>",
    "<details open ontoggle=alert({0})>",
    "<marquee onstart=alert({0})>",
    "<video><source onerror=alert({0})></video>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert({0})>",
    "<a href='javascript:alert({0})' autofocus onfocus=alert({0})>x</a>",
    "<template><script>alert({0})</script></template>",
    "&lt;script&gt;alert({0})&lt;/script&gt;",
    "&#60;img src=x onerror=alert({0})&#62;",
    "\" onmouseover=alert({0}) autofocus onfocus=alert({0}) x=\"",
    "' onmouseover=alert({0}) autofocus onfocus=alert({0}) x='",
)  # fmt: skip
_AROUND = (
    "{}",
    '">{}',
    "'></title></textarea></select></style>{}",
    "--></script>]]>{{{{ 7*7 }}}}{}",
)

PAYLOADS: tuple[str, ...] = tuple(
    around.format(body.format(n)) for n, body in enumerate(_BODIES) for around in _AROUND
)
