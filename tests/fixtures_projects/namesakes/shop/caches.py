from cachetools import TTLCache


def the_cache():
    return TTLCache(10, 60)
