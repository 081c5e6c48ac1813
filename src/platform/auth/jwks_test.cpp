// Which keys of an issuer are taken, and what makes a whole set be refused.
#include "platform/auth/jwks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/auth/testing/issuer.hpp"

namespace baedal::auth {
namespace {

using ::testing::HasSubstr;
using testing::Key;
using testing::key_set;

std::string why_not(const std::string& text) {
  auto keys = KeySet::parse(text);
  return keys ? "taken" : keys.error().detail;
}

TEST(KeySet, has_the_keys_for_signatures_of_three_kinds) {
  const Key rsa = Key::rsa();
  const Key p256 = Key::p256();
  const Key ed25519 = Key::ed25519();
  const auto keys =
      KeySet::parse(key_set({rsa.jwk("a", R"(,"use":"sig","alg":"RS256")"),
                             p256.jwk("b", R"(,"key_ops":["verify"])"), ed25519.jwk("c")}));
  ASSERT_TRUE(keys) << keys.error().detail;
  ASSERT_EQ(keys->size(), 3U);
  EXPECT_EQ(keys->find("a")->algorithm(), Algorithm::kRs256);
  EXPECT_EQ(keys->find("b")->algorithm(), Algorithm::kEs256);
  EXPECT_EQ(keys->find("c")->algorithm(), Algorithm::kEdDsa);
  EXPECT_EQ(keys->find("d"), nullptr);
  EXPECT_EQ(keys->find(""), nullptr) << "which one is meant cannot be guessed";
}

TEST(KeySet, a_key_verifies_its_own_signatures_and_no_others) {
  const std::string text = "what is signed";
  for (const Key& key : {Key::rsa(), Key::p256(), Key::ed25519()}) {
    const auto keys = KeySet::parse(key_set({key.jwk("k")}));
    ASSERT_TRUE(keys) << keys.error().detail;
    const PublicKey* found = keys->find("");
    ASSERT_NE(found, nullptr) << "the only one there is";
    std::string signature = key.sign(text);
    EXPECT_TRUE(found->verifies(text, signature)) << key.algorithm();
    EXPECT_FALSE(found->verifies("what was not", signature));
    EXPECT_FALSE(found->verifies(text, ""));
    EXPECT_FALSE(found->verifies(text, signature.substr(1)));
    EXPECT_FALSE(found->verifies(text, signature + "\x01"));
    EXPECT_FALSE(found->verifies(text, std::string(signature.size(), '\0')))
        << "r = s = 0 is no signature";
    signature[5] = static_cast<char>(signature[5] ^ 1);
    EXPECT_FALSE(found->verifies(text, signature));
  }
}

TEST(KeySet, passes_over_keys_for_something_else) {
  const Key key = Key::p256();
  const auto keys = KeySet::parse(key_set(
      {key.jwk("encrypts", R"(,"use":"enc")"), key.jwk("wraps", R"(,"key_ops":["wrapKey"])"),
       key.jwk("agrees", R"(,"alg":"ECDH-ES")"), R"({"kid":"shared","kty":"oct","k":"c2VjcmV0"})",
       R"({"kid":"other","kty":"EC","crv":"P-521","x":"AA","y":"AA"})", key.jwk("signs")}));
  ASSERT_TRUE(keys) << keys.error().detail;
  EXPECT_EQ(keys->size(), 1U);
  EXPECT_NE(keys->find("signs"), nullptr);
}

TEST(KeySet, is_refused_whole_when_it_is_not_sound) {
  const Key key = Key::ed25519();
  EXPECT_THAT(why_not(""), HasSubstr("no JSON object"));
  EXPECT_THAT(why_not("[]"), HasSubstr("no JSON object"));
  EXPECT_THAT(why_not(R"({"keys":{}})"), HasSubstr("no JSON object"));
  EXPECT_THAT(why_not(R"({"keys":[1]})"), HasSubstr("no object"));
  EXPECT_THAT(why_not(R"({"keys":[]})"), HasSubstr("no RSA, P-256 or Ed25519 key"));
  EXPECT_THAT(why_not(key_set({key.jwk("a"), key.jwk("a")})), HasSubstr("one id"));
  EXPECT_THAT(why_not(key_set({key.jwk("a", R"(,"d":"AAAA")")})), HasSubstr("private key"));
  EXPECT_THAT(why_not(key_set({key.jwk(std::string(257, 'a'))})), HasSubstr("id is longer"));
  std::string many = R"({"keys":[)";
  for (int i = 0; i < 65; ++i) many += (i == 0 ? "" : ",") + key.jwk(std::to_string(i));
  EXPECT_THAT(why_not(many + "]}"), HasSubstr("more than 64"));
}

TEST(KeySet, refuses_weak_and_broken_keys) {
  EXPECT_THAT(why_not(key_set({Key::rsa(1024).jwk("a")})), HasSubstr("of 1024 bits"));
  EXPECT_THAT(why_not(R"({"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]})"), HasSubstr("bits"));
  EXPECT_THAT(why_not(R"({"keys":[{"kty":"RSA"}]})"), HasSubstr("RSA key"));
  std::string even = Key::rsa().jwk("a");
  even.replace(even.find("AQAB"), 4, "AQAA");
  EXPECT_THAT(why_not(key_set({even})), HasSubstr("exponent"));
  const std::string zeros(43, 'A');
  EXPECT_THAT(why_not(R"({"keys":[{"kty":"EC","crv":"P-256","x":")" + zeros + R"(","y":")" + zeros +
                      R"("}]})"),
              HasSubstr("no point of the curve"));
  EXPECT_THAT(why_not(R"({"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]})"),
              HasSubstr("32 bytes"));
  EXPECT_THAT(why_not(R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"AAA"}]})"),
              HasSubstr("32 bytes"));
}

TEST(SigningKey, is_written_and_read_as_pem) {
  const SigningKey key = SigningKey::draw();
  const auto again = SigningKey::from_pem(key.to_pem());
  ASSERT_TRUE(again);
  EXPECT_TRUE(key.public_key().verifies("text", again->sign("text")));
  EXPECT_EQ(key.public_bytes(), again->public_bytes());
  EXPECT_FALSE(SigningKey::draw().public_key().verifies("text", key.sign("text")));
}

std::string pem_of(const std::string& inside) {
  const std::string name = "PRIVATE KEY-----\n";
  return "-----BEGIN " + name + inside + "\n-----END " + name;
}

TEST(SigningKey, is_nothing_else) {
  for (const std::string& pem :
       {std::string{}, std::string{"secret"}, std::string(5'000, 'x'), pem_of("AAAA")}) {
    const auto key = SigningKey::from_pem(pem);
    ASSERT_FALSE(key);
    EXPECT_THAT(key.error().detail, HasSubstr("openssl genpkey"));
  }
}

}  // namespace
}  // namespace baedal::auth
