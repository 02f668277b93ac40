"""Published standards as code: what their documents say, with the source of each rule."""
