"""Everything that is true without a browser: nothing below this package imports streamlit."""
