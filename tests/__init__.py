from hypothesis import HealthCheck, settings

# Timings never decide a test.
settings.register_profile("judgemill", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# What passes for a commit passes for it everywhere: CI draws the same examples each time. `make fuzz` searches.
settings.register_profile("same", settings.get_profile("judgemill"), derandomize=True)
settings.register_profile("search", settings.get_profile("judgemill"), max_examples=2000)
