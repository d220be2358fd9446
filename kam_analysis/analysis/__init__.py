"""The calculations: frames and arrays in, small frozen results out; no engine, no settings, no drawing."""
