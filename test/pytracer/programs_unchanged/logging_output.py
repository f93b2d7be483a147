import logging
import sys

logging.basicConfig(stream=sys.stdout, format="%(levelname)s %(message)s %(funcName)s %(lineno)d")


def work():
    logging.warning("careful %s", 1)
    try:
        {}["missing"]
    except KeyError:
        logging.exception("failed")


work()
