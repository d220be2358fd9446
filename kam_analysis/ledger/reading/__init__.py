"""Files as companies write them: found, opened, tidied into rows."""
