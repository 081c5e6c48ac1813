"""The rows of a folder of LMDB, read by the library itself: no program and no package is needed for that."""
import contextlib
import ctypes

READ_ONLY, WITHOUT_LOCKS = 0x20000, 0x400000
FIRST, NEXT = 0, 8
NOT_FOUND, INCOMPATIBLE = -30798, -30784
DATABASES_MAX = 64


class _Value(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("data", ctypes.c_void_p)]

    def bytes(self):
        return ctypes.string_at(self.data, self.size)


def _library():
    library = ctypes.CDLL("liblmdb.so.0")
    library.mdb_strerror.restype = ctypes.c_char_p
    for name in ("mdb_env_close", "mdb_txn_abort", "mdb_cursor_close"):
        getattr(library, name).restype = None
        getattr(library, name).argtypes = [ctypes.c_void_p]
    return library


LMDB = _library()


def _must(code):
    assert code == 0, LMDB.mdb_strerror(code).decode()


@contextlib.contextmanager
def _reading(folder):
    """A transaction. Nobody may write meanwhile."""
    environment, transaction = ctypes.c_void_p(), ctypes.c_void_p()
    _must(LMDB.mdb_env_create(ctypes.byref(environment)))
    try:
        _must(LMDB.mdb_env_set_maxdbs(environment, DATABASES_MAX))
        _must(LMDB.mdb_env_open(environment, str(folder).encode(), READ_ONLY | WITHOUT_LOCKS, 0o600))
        _must(LMDB.mdb_txn_begin(environment, None, READ_ONLY, ctypes.byref(transaction)))
        yield transaction
    finally:
        if transaction:
            LMDB.mdb_txn_abort(transaction)
        LMDB.mdb_env_close(environment)


def _pairs(transaction, database):
    cursor, key, value = ctypes.c_void_p(), _Value(), _Value()
    _must(LMDB.mdb_cursor_open(transaction, database, ctypes.byref(cursor)))
    try:
        code = LMDB.mdb_cursor_get(cursor, ctypes.byref(key), ctypes.byref(value), FIRST)
        while code == 0:
            yield key.bytes(), value.bytes()
            code = LMDB.mdb_cursor_get(cursor, ctypes.byref(key), ctypes.byref(value), NEXT)
        assert code == NOT_FOUND, LMDB.mdb_strerror(code).decode()
    finally:
        LMDB.mdb_cursor_close(cursor)


def rows_of(folder):
    """Name of each database in `folder`/data.mdb -> its pairs of key and value, in order. b"": the one that the
    others are named in, without their names."""
    rows = {b"": []}
    with _reading(folder) as transaction:
        main, named = ctypes.c_uint(), ctypes.c_uint()
        _must(LMDB.mdb_dbi_open(transaction, None, 0, ctypes.byref(main)))
        for key, value in list(_pairs(transaction, main)):
            code = LMDB.mdb_dbi_open(transaction, key, 0, ctypes.byref(named))
            if code == INCOMPATIBLE:
                rows[b""].append((key, value))
                continue
            _must(code)
            rows[key] = list(_pairs(transaction, named))
    return rows
