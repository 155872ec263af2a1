"""One module for each page; `site_app` adds them all."""
