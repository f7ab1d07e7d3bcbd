"""Texts reach people in their language, and each answer says in which."""

import pytest

from app.domain.profiles.languages import Language
from app.errors import NotSignedIn
from app.locales.reading import written
from tests.api.helpers import given, refused
from tests.support.people import World


@pytest.mark.parametrize("language", Language)
async def test_a_problem_is_told_in_the_callers_language(world: World, language: Language) -> None:
    answer = await world.client.get("/v1/me", headers={"Accept-Language": language})
    assert refused(answer, 401, "not_signed_in")["title"] == written(NotSignedIn.title, "error.not_signed_in", language)
    assert answer.headers["content-language"] == language


async def test_an_error_of_the_framework_is_told_so_too(world: World) -> None:
    answer = await world.client.get("/v1/nothing", headers={"Accept-Language": "uz"})
    assert refused(answer, 404, "not_found")["title"] == "Bu yerda siz uchun hech narsa yoʻq."
    assert answer.headers["content-language"] == "uz-Latn"


async def test_data_says_which_of_its_two_languages_it_is_in(world: World) -> None:
    for wanted, told in (("tg", "ru"), ("zh-CN", "en"), ("ru", "ru"), ("tg, en;q=0.5", "en")):
        for path in ("/v1/points", "/v1/free-times?service=medical"):
            answer = await world.client.get(path, headers={"Accept-Language": wanted})
            assert given(answer)["items"]
            assert answer.headers["content-language"] == told


async def test_services_are_told_in_the_callers_language(world: World) -> None:
    for wanted, name, told in (("tg", "Муоинаи тиббӣ", "tg"), ("zh-CN", "体检", "zh-Hans")):
        answer = await world.client.get("/v1/services", headers={"Accept-Language": wanted})
        assert {each["code"]: each["name"] for each in given(answer)["items"]}["medical"] == name
        assert answer.headers["content-language"] == told


async def test_an_answer_without_texts_names_no_language(world: World) -> None:
    answer = await world.client.get("/health/live", headers={"Accept-Language": "tg"})
    assert "content-language" not in answer.headers


async def test_a_pathway_is_told_in_the_persons_language(world: World) -> None:
    person = await world.newcomer()
    wanted = person.headers | {"Accept-Language": "tg"}
    answer = await world.client.get("/v1/me/pathway", headers=wanted)
    pathway = given(answer)
    titles = {step["code"]: step["title"] for step in pathway["steps"]}
    assert titles["medical"] == "Муоинаи тиббӣ"
    assert titles["fingerprints"] == "Изи ангуштон ва акс"
    assert pathway["title"] == "Кор бо патент"
    exam = next(step for step in pathway["steps"] if step["code"] == "exam")
    assert exam["instructions"].startswith("Пеш аз ариза барои патент имтиҳон супоред.")
    assert "Шиноснома" in " ".join(exam["bring"])
    assert answer.headers["content-language"] == "tg"


async def test_the_languages_say_who_has_read_their_texts(world: World) -> None:
    answer = await world.client.get("/v1/languages")
    items = {item["tag"]: item for item in given(answer)["items"]}
    assert list(items) == [language.value for language in Language]
    assert items["fa-AF"] == {
        "tag": "fa-AF",
        "name": "دری",
        "direction": "rtl",
        "review": "machine-made, unreviewed",
    }
    assert items["ru"]["review"] == items["en"]["review"] == "written by the team"
    again = await world.client.get("/v1/languages", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
