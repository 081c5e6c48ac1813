// The one place where Asio and Beast are compiled (BOOST_ASIO_SEPARATE_COMPILATION): every other
// file only sees their declarations.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
