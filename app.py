"""Page configuration, language, the visitor, and navigation; nothing else."""

import streamlit as st

from pages.parts import precompute
from pages.shared import (
    access,
    address,
    address_notice,
    frame,
    journey,
    language,
    lesson_texts,
    lessons,
    live,
    old_addresses,
    own_machine,
    preloads,
    scripts,
    server,
    streamlit_compat,
    unexpected_error,
    visitor,
)

if streamlit_compat.server_runs():
    st.set_page_config(page_title="Stepwise", page_icon="static/icon.png", layout="wide")
    settings = address.news()
    access.take()
    language.choose()
    page = lessons.navigation()
    address.arrive(page.url_path)
    address.forget_infinities()
    st.set_page_config(page_title=lessons.tab_title(page))
    frame.around()
    with unexpected_error.exits():
        if visitor.admit():
            with address_notice.unheard(settings), lessons.open_page(lessons.name_of(page)):
                journey.guide(lessons.name_of(page))
                page.run()
                lesson_texts.ending(lessons.name_of(page))
    server.first_page.set()
else:  # `streamlit run app.py` finds the app by this line and starts it before the first visitor
    app = st.App(
        __file__,
        lifespan=server.lifespan(precompute.prepare),
        routes=[*scripts.routes(), *live.routes()],
        middleware=[*own_machine.middleware(), *old_addresses.middleware(), *preloads.middleware()],
        on_script_error=unexpected_error.show,
    )
