#include "platform/store/postgres/testing/postgres_under_test.hpp"

BAEDAL_STORE_CONFORMANCE(Postgres,
                         [] { return std::make_unique<baedal::store::PostgresUnderTest>(); });
