"""Random programs against dual numbers: the outside judge of gradgen's reverse mode on whole functions.

Never looks into gradgen: everything here knows only its public interface.
"""
