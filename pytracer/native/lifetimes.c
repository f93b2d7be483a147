/* What has died since the last event? Asked of lifetimes.Lifetimes when something may have. */
#include "hindsight.h"

int
hs_look(HsRecorder *recorder)
{
    HsObjects *objects = (HsObjects *)recorder->objects;
    HsLives *lives = (HsLives *)recorder->lives;
    if (PyList_GET_SIZE(objects->dead) == 0 && PyList_GET_SIZE(objects->suspects) == 0
        && PyList_GET_SIZE(lives->collected) == 0 && recorder->steps < lives->due
        && PyDict_GET_SIZE(objects->pinned) == 0) {
        return 0;
    }
    return hs_ask(lives, "look", NULL, NULL, NULL);
}
