"""Judges that know nothing of gradgen: what a derivative is, found from values of the function alone.

Never imports gradgen, so that nothing here can agree with it by accident.
"""
