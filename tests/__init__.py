from hypothesis import HealthCheck, settings

# Timings never decide a test.
settings.register_profile("judgemill", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("judgemill")
