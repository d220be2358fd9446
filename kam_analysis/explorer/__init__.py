"""One explorer per notebook: controls that call the notebook's own analysis and figures, for JupyterLab alone."""
