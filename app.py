"""Page configuration, language, who is here, and navigation; nothing else."""

import streamlit as st

from pages.parts import first_views
from pages.shared import address, language, lessons, server, visitor

if st.runtime.exists():
    st.set_page_config(page_title="Stepwise", page_icon="static/icon.png", layout="wide")
    address.forget_infinities()
    language.choose()
    page = lessons.navigation()
    if visitor.admit():
        page.run()
    server.first_page.set()
else:  # `streamlit run app.py` finds the app by this line and starts it before anybody comes
    app = st.App(__file__, lifespan=server.lifespan(first_views.prepare))
