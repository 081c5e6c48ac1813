// The one place where Asio's TLS is compiled (BOOST_ASIO_SEPARATE_COMPILATION); the rest of Asio is
// compiled in platform/runtime, which knows nothing of TLS.
#include <boost/asio/ssl/impl/src.hpp>
