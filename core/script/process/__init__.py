"""One process for one program: started, sandboxed, watched, stopped, and nothing left behind."""
