# fuzz: {"function": "f", "point": {"a": 1.5}, "wrt": ["a"], "value": 1.7095112913514547, "gradient": [-2.810782411221132]}
# once: raises NameError
import math

def f(a):
    a = math.log(2, a)
    return a
