"""Page configuration, language, who is here, and navigation; nothing else."""

import streamlit as st

from pages.shared import language, lessons, visitor, warm_up

st.set_page_config(page_title="Stepwise", page_icon="static/icon.png", layout="wide")
warm_up.start()
language.choose()
page = lessons.navigation()
if visitor.admit():
    page.run()
