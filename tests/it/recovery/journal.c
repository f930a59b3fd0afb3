/* Loaded before libc into the program under test: writes down, in order, what it does to the files below one folder, and
 * passes it on. From what is written down a test makes the disk as a loss of power leaves it. With SEGL_JOURNAL_BREAK it
 * breaks what programs rely on, so that the test can be tested: "sync" makes every fsync a lie, "wal" that of write-ahead
 * logs alone (which is what SQLite does with synchronous = NORMAL), "folders" that of folders. With SEGL_JOURNAL_ROOM the
 * disk is full after so many octets; with SEGL_CLOCK the computer's clock is so many seconds off. Linux; never shipped. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { OPEN = 1, CLOSE, WRITE, TRUNCATE, SYNC, RENAME, LINK, UNLINK, MKDIR, RMDIR, DUP };
enum { CREATED = 1, EMPTIED = 2 };
enum { FDS = 4096 };

struct head { uint32_t magic, op, pid, fd; uint64_t at, first, second; };

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int journal = -1;
static char folder[PATH_MAX];
static size_t folder_length;
/* 1: a file or folder of ours; 2: a write-ahead log; 3: a folder. */
static char ours[FDS];
static char lies_sync, lies_wal, lies_folders;
/* Octets that still go onto the disk; less than none: any number. */
static long long left = -1;
static long long clock_off;

__attribute__((constructor)) static void begin(void) {
    const char *room = getenv("SEGL_JOURNAL_ROOM"), *off = getenv("SEGL_CLOCK");
    if (room) left = atoll(room);
    if (off) clock_off = atoll(off);
    const char *file = getenv("SEGL_JOURNAL"), *dir = getenv("SEGL_JOURNAL_FOLDER");
    const char *lie = getenv("SEGL_JOURNAL_BREAK");
    if (!file || !dir) return;
    folder_length = strlen(dir);
    if (folder_length >= sizeof folder) abort();
    memcpy(folder, dir, folder_length + 1);
    lies_sync = lie && !strcmp(lie, "sync");
    lies_wal = lie && !strcmp(lie, "wal");
    lies_folders = lie && !strcmp(lie, "folders");
    int fd = syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) abort();
    journal = syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3000);
    syscall(SYS_close, fd);
    if (journal < 0) abort();
}

static void note(uint32_t op, uint32_t fd, uint64_t at, const void *first, size_t n, const void *second, size_t m) {
    struct head head = { 0x5345474c, op, (uint32_t)getpid(), fd, at, n, m };
    struct iovec parts[3] = { { &head, sizeof head }, { (void *)first, n }, { (void *)second, m } };
    size_t all = sizeof head + n + m;
    /* A journal with a hole would make a false image. */
    if (syscall(SYS_writev, journal, parts, 3) != (ssize_t)all) abort();
}

/* The absolute path if it lies in the folder, else NULL. */
static const char *inside(int dirfd, const char *path, char *room) {
    if (journal < 0 || !path) return NULL;
    if (path[0] != '/') {
        if (dirfd != AT_FDCWD || !getcwd(room, PATH_MAX)) return NULL;
        size_t length = strlen(room);
        if (length + strlen(path) + 2 > PATH_MAX) return NULL;
        room[length] = '/';
        strcpy(room + length + 1, path);
        path = room;
    }
    if (strncmp(path, folder, folder_length)) return NULL;
    return path[folder_length] == 0 || path[folder_length] == '/' ? path : NULL;
}

static int is_ours(int fd) { return journal >= 0 && fd >= 0 && fd < FDS && ours[fd]; }

static int opened(int dirfd, const char *given, int flags, mode_t mode) {
    char room[PATH_MAX];
    const char *path = inside(dirfd, given, room);
    if (!path) return syscall(SYS_openat, dirfd, given, flags, mode);
    pthread_mutex_lock(&turn);
    struct stat facts;
    int was = stat(path, &facts) == 0;
    int fd = syscall(SYS_openat, dirfd, given, flags, mode);
    int error = errno;
    if (fd >= 0) {
        if (fd >= FDS) abort();
        size_t length = strlen(path);
        int wal = length > 4 && !strcmp(path + length - 4, "-wal");
        int dir = was && S_ISDIR(facts.st_mode);
        ours[fd] = wal ? 2 : dir ? 3 : 1;
        uint64_t how = (was ? 0 : CREATED) | ((flags & O_TRUNC) && was && !dir ? EMPTIED : 0);
        note(OPEN, fd, how, path, length, NULL, 0);
    }
    pthread_mutex_unlock(&turn);
    errno = error;
    return fd;
}

#define OPENER(name) \
    int name(const char *path, int flags, ...) { \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, mode_t); va_end(more); \
        return opened(AT_FDCWD, path, flags, mode); }
#define OPENER_AT(name) \
    int name(int dirfd, const char *path, int flags, ...) { \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, mode_t); va_end(more); \
        return opened(dirfd, path, flags, mode); }
OPENER(open) OPENER(open64) OPENER_AT(openat) OPENER_AT(openat64)

int close(int fd) {
    if (is_ours(fd)) {
        pthread_mutex_lock(&turn);
        note(CLOSE, fd, 0, NULL, 0, NULL, 0);
        ours[fd] = 0;
        int done = syscall(SYS_close, fd);
        pthread_mutex_unlock(&turn);
        return done;
    }
    return syscall(SYS_close, fd);
}

static int control(int fd, int command, void *argument) {
    if (is_ours(fd) && (command == F_DUPFD || command == F_DUPFD_CLOEXEC)) {
        pthread_mutex_lock(&turn);
        int made = syscall(SYS_fcntl, fd, command, argument);
        if (made >= FDS) abort();
        if (made >= 0) {
            ours[made] = ours[fd];
            note(DUP, fd, (uint64_t)made, NULL, 0, NULL, 0);
        }
        pthread_mutex_unlock(&turn);
        return made;
    }
    return syscall(SYS_fcntl, fd, command, argument);
}
#define CONTROLLER(name) \
    int name(int fd, int command, ...) { \
        va_list more; va_start(more, command); void *argument = va_arg(more, void *); va_end(more); \
        return control(fd, command, argument); }
CONTROLLER(fcntl) CONTROLLER(fcntl64)

/* How many of these there is room for; under the lock. */
static size_t fits(size_t count) {
    if (left < 0) return count;
    size_t some = (size_t)left < count ? (size_t)left : count;
    left -= some;
    return some;
}

static ssize_t full(void) {
    pthread_mutex_unlock(&turn);
    errno = ENOSPC;
    return -1;
}

ssize_t write(int fd, const void *octets, size_t count) {
    if (!is_ours(fd)) return syscall(SYS_write, fd, octets, count);
    pthread_mutex_lock(&turn);
    size_t some = fits(count);
    if (some == 0 && count > 0) return full();
    ssize_t done = syscall(SYS_write, fd, octets, some);
    if (done > 0) note(WRITE, fd, (uint64_t)lseek(fd, 0, SEEK_CUR) - done, octets, done, NULL, 0);
    pthread_mutex_unlock(&turn);
    return done;
}

static ssize_t written_at(int fd, const void *octets, size_t count, off_t at) {
    if (!is_ours(fd)) return syscall(SYS_pwrite64, fd, octets, count, at);
    pthread_mutex_lock(&turn);
    size_t some = fits(count);
    if (some == 0 && count > 0) return full();
    ssize_t done = syscall(SYS_pwrite64, fd, octets, some, at);
    if (done > 0) note(WRITE, fd, at, octets, done, NULL, 0);
    pthread_mutex_unlock(&turn);
    return done;
}
ssize_t pwrite(int fd, const void *octets, size_t count, off_t at) { return written_at(fd, octets, count, at); }
ssize_t pwrite64(int fd, const void *octets, size_t count, off64_t at) { return written_at(fd, octets, count, at); }

/* What is not written down in its own form goes the long way round. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (!is_ours(fd)) return syscall(SYS_writev, fd, parts, count);
    return count > 0 ? write(fd, parts[0].iov_base, parts[0].iov_len) : 0;
}
ssize_t copy_file_range(int from, off64_t *a, int to, off64_t *b, size_t count, unsigned flags) {
    if (is_ours(to)) { errno = EXDEV; return -1; }
    return syscall(SYS_copy_file_range, from, a, to, b, count, flags);
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t count) {
    if (is_ours(to)) { errno = EINVAL; return -1; }
    return syscall(SYS_sendfile, to, from, at, count);
}
static int reserved(int fd, off_t at, off_t count) {
    if (is_ours(fd)) return EOPNOTSUPP;
    return syscall(SYS_fallocate, fd, 0, at, count) ? errno : 0;
}
int posix_fallocate(int fd, off_t at, off_t count) { return reserved(fd, at, count); }
int posix_fallocate64(int fd, off64_t at, off64_t count) { return reserved(fd, at, count); }

static int cut(int fd, off_t length) {
    if (!is_ours(fd)) return syscall(SYS_ftruncate, fd, length);
    pthread_mutex_lock(&turn);
    int done = syscall(SYS_ftruncate, fd, length);
    if (!done) note(TRUNCATE, fd, length, NULL, 0, NULL, 0);
    pthread_mutex_unlock(&turn);
    return done;
}
int ftruncate(int fd, off_t length) { return cut(fd, length); }
int ftruncate64(int fd, off64_t length) { return cut(fd, length); }

static int synced(int fd, long call) {
    if (!is_ours(fd)) return syscall(call, fd);
    if (lies_sync || (lies_wal && ours[fd] == 2) || (lies_folders && ours[fd] == 3)) return 0;
    pthread_mutex_lock(&turn);
    /* The test's disk is its own: the real one need not be waited for. */
    note(SYNC, fd, 0, NULL, 0, NULL, 0);
    pthread_mutex_unlock(&turn);
    return 0;
}
int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

static int two_names(uint32_t op, int from, const char *old, int to, const char *new, long call, long flags) {
    char first[PATH_MAX], second[PATH_MAX];
    const char *a = inside(from, old, first), *b = inside(to, new, second);
    if (!a && !b) return syscall(call, from, old, to, new, flags);
    /* In or out of the folder: not what this program does. */
    if (!a || !b || (op == RENAME && flags)) abort();
    pthread_mutex_lock(&turn);
    int done = syscall(call, from, old, to, new, flags), error = errno;
    if (!done) note(op, 0, 0, a, strlen(a), b, strlen(b));
    pthread_mutex_unlock(&turn);
    errno = error;
    return done;
}
int rename(const char *a, const char *b) { return two_names(RENAME, AT_FDCWD, a, AT_FDCWD, b, SYS_renameat2, 0); }
int renameat(int x, const char *a, int y, const char *b) { return two_names(RENAME, x, a, y, b, SYS_renameat2, 0); }
int renameat2(int x, const char *a, int y, const char *b, unsigned flags) {
    return two_names(RENAME, x, a, y, b, SYS_renameat2, flags);
}
int link(const char *a, const char *b) { return two_names(LINK, AT_FDCWD, a, AT_FDCWD, b, SYS_linkat, 0); }
int linkat(int x, const char *a, int y, const char *b, int flags) { return two_names(LINK, x, a, y, b, SYS_linkat, flags); }

static int one_name(uint32_t op, int dirfd, const char *given, long call, long extra) {
    char room[PATH_MAX];
    const char *path = inside(dirfd, given, room);
    if (!path) return syscall(call, dirfd, given, extra);
    pthread_mutex_lock(&turn);
    int done = syscall(call, dirfd, given, extra), error = errno;
    if (!done) note(op, 0, 0, path, strlen(path), NULL, 0);
    pthread_mutex_unlock(&turn);
    errno = error;
    return done;
}
int unlink(const char *path) { return one_name(UNLINK, AT_FDCWD, path, SYS_unlinkat, 0); }
int unlinkat(int dirfd, const char *path, int flags) {
    return one_name(flags & AT_REMOVEDIR ? RMDIR : UNLINK, dirfd, path, SYS_unlinkat, flags);
}
int rmdir(const char *path) { return one_name(RMDIR, AT_FDCWD, path, SYS_unlinkat, AT_REMOVEDIR); }
int mkdir(const char *path, mode_t mode) { return one_name(MKDIR, AT_FDCWD, path, SYS_mkdirat, mode); }
int mkdirat(int dirfd, const char *path, mode_t mode) { return one_name(MKDIR, dirfd, path, SYS_mkdirat, mode); }

int clock_gettime(clockid_t which, struct timespec *now) {
    int done = syscall(SYS_clock_gettime, which, now);
    if (!done && clock_off && which == CLOCK_REALTIME) now->tv_sec += clock_off;
    return done;
}
