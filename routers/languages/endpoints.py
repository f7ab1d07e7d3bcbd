"""The languages that people are told things in, and who answers for the texts."""

from typing import Literal

from fastapi import APIRouter, Request, Response

from app.domain.languages.traits import TRAITS
from app.domain.profiles.languages import Language
from app.locales.catalogue import Review, review_state
from routers.deps import Anyone
from routers.etags import unchanged
from routers.problems import problems
from routers.schemas import Out

router = APIRouter(prefix="/v1", tags=["languages"])


class LanguageOut(Out):
    """`tag` as in `Accept-Language` (BCP 47); `name` as its speakers write it. `review`: who has read the texts."""

    tag: Language
    name: str
    direction: Literal["ltr", "rtl"]
    review: Review


class LanguageList(Out):
    items: list[LanguageOut]


@router.get(
    "/languages",
    response_model=LanguageList,
    dependencies=[Anyone],
    responses={**problems(signed_in=False), 304: {"description": "Not changed since the ETag sent."}},
)
async def languages(request: Request) -> Response:
    """What messages and errors can be read in. Texts that no native speaker has read yet are marked so."""
    return unchanged(request, LanguageList(items=[_out(language) for language in Language]))


def _out(language: Language) -> LanguageOut:
    traits = TRAITS[language]
    return LanguageOut(
        tag=language,
        name=traits.own_name,
        direction="rtl" if traits.right_to_left else "ltr",
        review=review_state(language),
    )
