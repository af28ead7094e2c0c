"""core.i18n: sentences in two languages, and the catalogues behind them."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core import i18n
from core.errors import InvalidSetting, fill
from tools import locales

CATALOGUES = sorted((i18n.LOCALES / "zh" / "LC_MESSAGES").glob("*.po"))
PROSE = sorted(path.stem for path in (i18n.LOCALES / "en" / "prose").glob("*.md"))


def test_a_sentence_is_translated_and_its_values_put_in() -> None:
    assert i18n.translate("zh", "Download {file}", file="a.py") == "下载 a.py"
    assert i18n.translate("en", "Download {file}", file="a.py") == "Download a.py"


def test_a_sentence_without_a_translation_stays_english() -> None:
    assert i18n.translate("zh", "no catalogue holds this") == "no catalogue holds this"


def test_an_empty_sentence_stays_empty() -> None:
    assert i18n.translate("zh", "") == ""  # gettext would return the header of the catalogue


def test_an_error_names_its_values_in_both_languages() -> None:
    error = InvalidSetting("Download {file}", file="x{y}")
    assert str(error) == "Download x{y}"
    assert i18n.translate_error("zh", error) == "下载 x{y}"


def test_one_thing_is_not_said_to_be_several() -> None:
    template = "{count} {count:run has|runs have} ended; {loss:.2f}"
    assert fill(template, {"count": 1, "loss": 0.125}) == "1 run has ended; 0.12"
    assert fill(template, {"count": "1", "loss": 0.125}) == "1 run has ended; 0.12"
    assert [fill(template, {"count": n, "loss": 1})[:11] for n in (0, 2, "1,000")] == [
        "0 runs have",
        "2 runs have",
        "1,000 runs ",
    ]
    text = fill("{n} {n:cell|cells} of {size} {size:cell|cells}", {"n": "{n}", "size": 1})
    assert text == "{n} {n:cell|cells} of 1 cell"  # what the browser fills in, it chooses


def test_every_choice_between_one_and_several_has_two_forms_and_none_is_left_in_chinese() -> None:
    choices = 0
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file, locale="zh"):
                forms = [
                    form for _t, _f, form, _c in string.Formatter().parse(str(message.id)) if form and "|" in form
                ]
                choices += len(forms)
                assert all(len({*form.split("|")} - {""}) == 2 for form in forms), message.id
                assert "|" not in "".join(re.findall(r"{[^{}]*}", str(message.string))), message.string
    assert choices > 90


@pytest.mark.heavy  # `make check` has it in its linters
def test_no_catalogue_is_stale_or_incomplete(capsys: pytest.CaptureFixture[str]) -> None:
    status = locales.main(["--check"])
    assert status == 0, capsys.readouterr().out


def test_a_sentence_inside_an_f_string_is_found() -> None:
    source = 'f\'**{_("What you have seen")}**: {_(part.seen)} {N_("seed")!r:>{width}}\''
    assert list(locales.in_f_strings(source)) == ["What you have seen", "seed"]


def test_the_check_notices_a_missing_translation(tmp_path, monkeypatch) -> None:
    source = tmp_path / "pages" / "new.py"
    source.parent.mkdir()
    source.write_text('_("never translated")\n', encoding="utf-8")
    monkeypatch.setattr(locales, "ROOT", tmp_path)
    monkeypatch.setattr(locales, "LOCALES", tmp_path / "core" / "locales")
    assert locales.main([]) == 1
    assert "never translated" in (tmp_path / "core/locales/zh/LC_MESSAGES/common.po").read_text(encoding="utf-8")
    assert locales.main(["--check"]) == 1


def test_a_sentence_that_moves_to_another_catalogue_keeps_its_translation(tmp_path, monkeypatch) -> None:
    source = tmp_path / "pages" / "new.py"
    source.parent.mkdir()
    source.write_text('_("Yes")\n', encoding="utf-8")
    folder = tmp_path / "core" / "locales" / "zh" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "older.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "Yes"\nmsgstr "是"\n', encoding="utf-8")
    monkeypatch.setattr(locales, "ROOT", tmp_path)
    monkeypatch.setattr(locales, "LOCALES", tmp_path / "core" / "locales")
    assert locales.main(["--check"]) == 1, "older.po belongs to no lesson"
    assert locales.main([]) == 0
    assert 'msgstr "是"' in (folder / "common.po").read_text(encoding="utf-8")
    assert not (folder / "older.po").exists()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_bold_text_ends_before_its_full_stop_where_a_word_follows_at_once(path) -> None:
    """Markdown takes ``**停。**它`` as it stands: two asterisks between a sign and a letter open, not close."""
    with path.open("rb") as file:
        texts = [m.string for m in read_po(file, locale="zh") if isinstance(m.string, str)]
    assert not [text for text in texts if re.search(r"\*\*[^*]+[。，：！？；）”]\*\*\w", text)]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_uses_the_placeholders_of_its_sentence(path) -> None:
    def fields(text: str, chooses: bool) -> set[str | None]:
        parts = [(field, form) for _, field, form, _ in string.Formatter().parse(text) if field]
        return {field.split(".")[0].split("[")[0] for field, form in parts if chooses or "|" not in (form or "")}

    def fits(english: str, chinese: str) -> bool:
        """What only chooses between one and many, as {count:line|lines} does, has no place in Chinese."""
        return fields(english, False) <= fields(chinese, True) <= fields(english, True)

    with path.open("rb") as file:
        wrong = [m.id for m in read_po(file, locale="zh") if m.id and not fits(m.id, m.string)]
    assert not wrong


def test_a_sentence_in_two_catalogues_has_one_translation() -> None:
    translations: dict[str, str] = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file, locale="zh"):
                if message.id:
                    assert translations.setdefault(message.id, message.string) == message.string, message.id


@pytest.mark.parametrize("name", PROSE)
def test_prose_has_the_same_sections_in_both_languages(name: str) -> None:
    english, chinese = i18n.prose_sections("en", name), i18n.prose_sections("zh", name)
    assert list(english) == list(chinese)
    assert all(english.values())
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in chinese.values())


def test_every_prose_file_stands_in_both_languages() -> None:
    assert sorted(path.stem for path in (i18n.LOCALES / "zh" / "prose").glob("*.md")) == PROSE


def test_a_catalogue_compiled_by_another_release_is_the_same_and_one_of_other_sentences_is_not(
    tmp_path: Path,
) -> None:
    catalog = Catalog(locale="zh")
    catalog.add("kernel", "卷积核")
    catalogue = tmp_path / "lesson.mo"
    with catalogue.open("wb") as file:
        write_mo(file, catalog)  # with a header of its own
    content = locales.mo_bytes(catalog)
    assert catalogue.read_bytes() != content
    assert locales.is_same(catalogue, content)
    catalog.add("stride", "步长")
    assert not locales.is_same(catalogue, locales.mo_bytes(catalog))
