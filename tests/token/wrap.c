/* A PKCS #11 module for the tests: SoftHSM's own, with a reader whose card is taken out, locked or counted by files in a
 * folder. The function list of PKCS #11 2.40 is a version and 68 pointers in a fixed order. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ulong;
#define POINTERS 68
struct list {
    unsigned char version[2];
    void *call[POINTERS];
};
enum { GET_LIST = 3, SLOTS = 4, TOKEN = 6, SESSION = 15, LOGIN = 18, SIGN = 43 };
#define REMOVED 0x32UL
#define PIN_LOCKED 0xa4UL
/* Of CK_TOKEN_INFO: flags behind label, manufacturer, model and serial number. */
#define FLAGS_AT 96
#define FINAL_TRY 0x20000UL
#define LOCKED 0x40000UL

static struct list real, ours;

static int is(const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", FOLDER, name);
    return access(path, F_OK) == 0;
}

static ulong slots(unsigned char present, ulong *list, ulong *count) {
    if (is("absent")) {
        *count = 0;
        return 0;
    }
    return ((ulong(*)(unsigned char, ulong *, ulong *))real.call[SLOTS])(present, list, count);
}

static ulong token(ulong slot, unsigned char *info) {
    ulong flags, done = ((ulong(*)(ulong, void *))real.call[TOKEN])(slot, info);
    memcpy(&flags, info + FLAGS_AT, sizeof flags);
    if (is("last")) flags |= FINAL_TRY;
    if (is("blocked")) flags |= LOCKED;
    memcpy(info + FLAGS_AT, &flags, sizeof flags);
    return done;
}

static ulong session(ulong handle, void *info) {
    if (is("absent")) return REMOVED;
    return ((ulong(*)(ulong, void *))real.call[SESSION])(handle, info);
}

static ulong login(ulong handle, ulong user, void *pin, ulong length) {
    FILE *count = fopen(FOLDER "/logins", "a");
    if (count) {
        fputs("x", count);
        fclose(count);
    }
    if (is("blocked")) return PIN_LOCKED;
    return ((ulong(*)(ulong, ulong, void *, ulong))real.call[LOGIN])(handle, user, pin, length);
}

static ulong sign(ulong handle, void *data, ulong length, void *out, ulong *out_length) {
    if (is("removed-at-sign")) return REMOVED;
    return ((ulong(*)(ulong, void *, ulong, void *, ulong *))real.call[SIGN])(handle, data, length, out, out_length);
}

ulong C_GetFunctionList(struct list **list) {
    struct list *found;
    void *library = dlopen(REAL, RTLD_NOW | RTLD_LOCAL);
    if (!library) return 5;
    ulong (*get)(struct list **) = (ulong(*)(struct list **))dlsym(library, "C_GetFunctionList");
    if (!get || get(&found)) return 5;
    real = ours = *found;
    ours.call[GET_LIST] = (void *)C_GetFunctionList;
    ours.call[SLOTS] = (void *)slots;
    ours.call[TOKEN] = (void *)token;
    ours.call[SESSION] = (void *)session;
    ours.call[LOGIN] = (void *)login;
    ours.call[SIGN] = (void *)sign;
    *list = &ours;
    return 0;
}
