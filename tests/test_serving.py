"""What visitors of the server get before a script runs: headers, heads of pages, packed files; and what they do not."""

import gzip
import re

import pytest
from starlette.testclient import TestClient

from app import FRONTS, STREAMLITS_FILES, app
from serving.headers import framed_by, inline_hashes, policy
from serving.packed import PackedStatic

INDEX = (STREAMLITS_FILES / "index.html").read_text("utf-8")
SCRIPT = re.search(r"\./(static/js/index\.[^\"]+\.js)", INDEX)[1]


@pytest.fixture(scope="module")
def client():
    return TestClient(app, base_url="https://play.example.edu")


@pytest.mark.parametrize("path", ["/", "/similarity", f"/{SCRIPT}", "/_stcore/health", "/_stcore/host-config", "/a/b"])
def test_every_answer_carries_the_security_headers(client, path):
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin"
    assert "camera=()" in headers["permissions-policy"]


def test_the_policy_lets_in_the_script_that_streamlit_writes_into_its_page_and_no_evaluation():
    (inline,) = inline_hashes(INDEX)
    scripts = next(rule for rule in policy(INDEX, ()).split("; ") if rule.startswith("script-src"))
    assert scripts == f"script-src 'self' 'wasm-unsafe-eval' {inline}"


def test_a_course_page_may_show_the_app_once_it_is_named():
    assert "https://course.example.edu" not in policy(INDEX, ())
    named = framed_by("https://course.example.edu, https://*.example.org:8443")
    assert policy(INDEX, named).endswith("https://course.example.edu https://*.example.org:8443")


@pytest.mark.parametrize("setting", ["*", "course.example.edu", "https://a.b/path", "https://a.b; script-src *"])
def test_what_is_no_origin_may_not_get_into_the_policy(setting):
    with pytest.raises(ValueError, match="no origin"):
        framed_by(setting)


@pytest.mark.parametrize("name", FRONTS)
def test_a_page_is_served_with_its_own_title_and_description(client, name):
    page = client.get(f"/{name}").text
    assert page.count("<title>") == 1
    assert f"<title>{FRONTS[name].title}</title>" in page
    assert f'<meta name="description" content="{FRONTS[name].description}">' in page
    assert f'<meta property="og:url" content="https://play.example.edu/{name}">' in page
    assert len(FRONTS[name].description) <= 200
    picture = re.search(r'og:image" content="https://play\.example\.edu(/[^"]+)"', page)[1]
    assert client.get(picture).headers["content-type"] == "image/png"


def test_a_page_behind_a_proxy_names_the_address_that_the_visitor_sees(client):
    page = client.get("/similarity", headers={"Host": "class.example.org", "X-Forwarded-Proto": "http"}).text
    assert 'og:url" content="http://class.example.org/similarity"' in page


def test_a_hostile_host_gets_no_markup_into_the_page(client):
    page = client.get("/", headers={"Host": 'a"><script>alert(1)</script>'}).text
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("path", ["/foo/bar", "/foo/similarity", "/a/b/c/static/js/x.js"])
def test_an_address_that_leads_nowhere_says_so_and_leads_home_with_its_numbers(client, path):
    answer = client.get(f"{path}?x=2.abc", follow_redirects=True)
    assert answer.status_code == 404
    link = re.search(r'<a href="([^"]+)"', answer.text)[1]
    assert str(answer.url.join(link)) == "https://play.example.edu/?x=2.abc"


@pytest.mark.parametrize("path", ["/", "/similarity", "/nonsense", "/similarity/", "/~/+/", "/~/+/similarity"])
def test_a_page_and_a_page_below_community_clouds_own_prefix_are_streamlits(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert '<div id="root">' in answer.text


def test_a_page_is_never_taken_from_an_old_copy(client):
    answer = client.get("/")
    assert answer.headers["cache-control"] == "no-cache"
    assert "etag" not in answer.headers


def test_a_page_asked_for_its_head_alone_has_no_body(client):
    answer = client.head("/similarity")
    assert (answer.status_code, answer.text) == (200, "")


def test_the_servers_figures_are_not_public_unless_that_is_wanted(client, monkeypatch):
    from serving.front import FrontDoor

    assert client.get("/_stcore/metrics").status_code == 404
    monkeypatch.setenv("PLAYGROUND_METRICS", "public")
    assert FrontDoor(app, FRONTS, STREAMLITS_FILES)._shows_metrics


def test_a_script_is_sent_packed_and_stays_the_same(client):
    packed, plain = (client.get(f"/{SCRIPT}", headers={"Accept-Encoding": each}) for each in ("gzip", "identity"))
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content == (STREAMLITS_FILES / SCRIPT).read_bytes()
    assert int(packed.headers["content-length"]) < 0.5 * len(plain.content)
    assert "immutable" in packed.headers["cache-control"]
    assert packed.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("name", ["../index.html", "js/../../index.html", "js/nothing.js", "js/..%2f..%2findex.html"])
def test_packed_files_do_not_lead_out_of_their_folder(client, name):
    answer = client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code != 200 or '<div id="root">' in answer.text  # Streamlit's own page


def test_packed_files_keep_to_their_bound(tmp_path, monkeypatch):
    monkeypatch.setattr("serving.packed.MAX_KEPT", 10)
    for name in ("a.js", "b.js"):
        (tmp_path / name).write_text(f"let {name[0]} = '{'x' * 1000}'")

    async def plain(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"as it is"})

    client = TestClient(PackedStatic(plain, tmp_path))
    assert client.get("/static/a.js").content == (tmp_path / "a.js").read_bytes()
    assert client.get("/static/b.js").content == b"as it is"
    assert len(gzip.compress((tmp_path / "a.js").read_bytes())) > 10
