// Tokens that are taken, and every way in which one is not.
#include "platform/auth/verifier.hpp"

#include <gtest/gtest.h>

#include <openssl/hmac.h>

#include "platform/auth/testing/issuer.hpp"
#include "platform/clock/manual_clock.hpp"

namespace baedal::auth {
namespace {

using testing::Key;
using testing::key_set;

constexpr std::int64_t kNow = 1'700'000'000;

/// Keys that a test changes.
class HandKeys final : public KeySource {
 public:
  explicit HandKeys(const std::string& set) { use(set); }
  void use(const std::string& set) {
    keys_ = std::make_shared<const KeySet>(KeySet::parse(set).value());
  }
  std::shared_ptr<const KeySet> keys() override { return keys_; }
  void want_newer() override { ++wanted; }
  int wanted = 0;

 private:
  std::shared_ptr<const KeySet> keys_;
};

class VerifierTest : public ::testing::Test {
 protected:
  static std::string claims(const std::string& more = {}, std::int64_t expires = kNow + 60) {
    return R"({"iss":"https://id.example","aud":"baedal","sub":"kim","roles":["customer"],"exp":)" +
           std::to_string(expires) + more + "}";
  }
  std::string why_not(const std::string& token) {
    auto verdict = verifier_.verify(token);
    return verdict ? "taken" : verdict.error().code;
  }
  std::string why_not_claims(const std::string& claims) {
    return why_not(key_.token_of("k1", claims));
  }
  Roles roles_of(const std::string& claims) {
    auto verdict = verifier_.verify(key_.token_of("k1", claims));
    EXPECT_TRUE(verdict) << claims;
    return verdict ? (*verdict)->roles : Roles{};
  }

  ManualClock clock_{Timestamp{kNow * 1'000'000}};
  const Key key_ = Key::ed25519();
  std::shared_ptr<HandKeys> keys_ = std::make_shared<HandKeys>(key_set({key_.jwk("k1")}));
  Verifier verifier_{{{.issuer = "https://id.example",
                       .audience = "baedal",
                       .roles_claim = "roles",
                       .keys = keys_}},
                     clock_,
                     {.leeway = std::chrono::seconds{30}, .remembered_max = 8}};
};

TEST_F(VerifierTest, says_who_sent_a_good_token) {
  const auto verdict = verifier_.verify(key_.token_of("k1", claims()));
  ASSERT_TRUE(verdict) << verdict.error().detail;
  EXPECT_EQ((*verdict)->subject, "kim");
  EXPECT_TRUE((*verdict)->roles.has("customer"));
  EXPECT_FALSE((*verdict)->roles.has(kOperator));
  EXPECT_FALSE((*verdict)->anonymous());
}

TEST_F(VerifierTest, takes_the_tokens_of_every_kind_of_key) {
  for (const Key& key : {Key::rsa(), Key::p256(), Key::ed25519()}) {
    keys_->use(key_set({key.jwk("k1")}));
    EXPECT_EQ(why_not(key.token_of("k1", claims())), "taken") << key.algorithm();
  }
}

TEST_F(VerifierTest, takes_no_token_without_a_good_signature) {
  const std::string good = key_.token_of("k1", claims());
  const std::string unsigned_one = good.substr(0, good.rfind('.') + 1);
  EXPECT_EQ(why_not(unsigned_one), "token-malformed");
  const std::string none = base64url_encode(R"({"alg":"none"})") + "." + base64url_encode(claims());
  EXPECT_EQ(why_not(none + "."), "token-malformed");
  EXPECT_EQ(why_not(none + ".AA"), "token-forged");
  EXPECT_EQ(why_not(Key::ed25519().token_of("k1", claims())), "token-forged");
  const auto last = good.rfind('.');
  const std::string signature = good.substr(last);
  const std::string head = good.substr(0, good.find('.'));
  EXPECT_EQ(why_not(head + "." + base64url_encode(claims(R"(,"admin":true)")) + signature),
            "token-forged");
  EXPECT_EQ(why_not(base64url_encode(R"({"alg":"EdDSA"})") + good.substr(good.find('.'))),
            "token-forged");
}

TEST_F(VerifierTest, the_key_and_not_the_token_chooses_the_algorithm) {
  const Key rsa = Key::rsa();
  const std::string jwk = rsa.jwk("k1");
  keys_->use(key_set({jwk}));
  // The classic: the public key, which everybody has, taken as the secret of an HMAC.
  const std::string text =
      base64url_encode(R"({"alg":"HS256","kid":"k1"})") + "." + base64url_encode(claims());
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), jwk.data(), static_cast<int>(jwk.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
  const std::string hs256 = text + "." + base64url_encode({reinterpret_cast<char*>(mac), size});
  EXPECT_EQ(why_not(hs256), "token-forged");
  for (const char* algorithm : {"none", "None", "HS256", "RS512", "PS256", "ES256", "EdDSA", ""}) {
    const std::string header = R"({"alg":")" + std::string{algorithm} + R"(","kid":"k1"})";
    EXPECT_EQ(why_not(rsa.token(header, claims())), "token-forged") << algorithm;
  }
  EXPECT_EQ(why_not(rsa.token(R"({"kid":"k1"})", claims())), "token-forged");
  EXPECT_EQ(why_not(rsa.token(R"({"alg":"RS256","kid":"k1"})", claims())), "taken");
}

TEST_F(VerifierTest, takes_nothing_of_an_odd_shape) {
  const std::string good = key_.token_of("k1", claims());
  for (const std::string& token :
       {std::string{}, std::string{"."}, std::string{".."}, std::string{"a.b.c"}, good + ".",
        "." + good, good + "." + good, good + "=", " " + good, good + "\n",
        good.substr(0, good.rfind('.')), std::string(kTokenBytesMax + 1, 'a'),
        std::string{"eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d"}}) {
    EXPECT_EQ(why_not(token), "token-malformed") << token.substr(0, 100);
  }
  const std::string long_claims =
      claims(R"(,"more":")" + std::string(kTokenBytesMax, 'a') + R"(")");
  EXPECT_EQ(why_not_claims(long_claims), "token-malformed");
}

TEST_F(VerifierTest, takes_no_header_that_asks_for_more_than_is_understood) {
  for (const char* more :
       {R"(,"crit":["exp"])", R"(,"b64":false)", R"(,"zip":"DEF")", R"(,"enc":"A128GCM")",
        R"(,"typ":"secevent+jwt")", R"(,"typ":"dpop+jwt")", R"(,"typ":1)", R"(,"kid":1)",
        R"(,"kid":null)", R"(,"alg":"none")"}) {
    EXPECT_EQ(why_not(key_.token(R"({"alg":"EdDSA")" + std::string{more} + "}", claims())),
              "token-malformed")
        << more;
  }
  for (const char* type : {"JWT", "jwt", "at+jwt", "application/at+jwt"}) {
    const std::string header = R"({"alg":"EdDSA","typ":")" + std::string{type} + R"("})";
    EXPECT_EQ(why_not(key_.token(header, claims())), "taken") << type;
  }
  // A key that the token brings along is not looked at.
  const Key own = Key::ed25519();
  const std::string header = R"({"alg":"EdDSA","jwk":)" + own.jwk("k1") + "}";
  EXPECT_EQ(why_not(own.token(header, claims())), "token-forged");
}

TEST_F(VerifierTest, takes_no_json_that_two_readers_could_understand_differently) {
  EXPECT_EQ(why_not_claims(claims(R"(,"sub":"operator")")), "token-malformed");
  EXPECT_EQ(why_not_claims("{\"sub\":\"\xff\"}"), "token-malformed");
  EXPECT_EQ(why_not_claims("[]"), "token-malformed");
  EXPECT_EQ(why_not_claims(claims() + " x"), "token-malformed");
  std::string deep;
  for (int i = 0; i < 20; ++i) deep += "[";
  EXPECT_EQ(why_not_claims(R"({"a":)" + deep + "}"), "token-malformed");
}

TEST_F(VerifierTest, takes_only_what_is_for_here) {
  const auto token = [&](const std::string& issuer, const std::string& audience) {
    return key_.token_of("k1", R"({"iss":)" + issuer + R"(,"aud":)" + audience +
                                   R"(,"sub":"kim","exp":)" + std::to_string(kNow + 60) + "}");
  };
  const std::string here = R"("https://id.example")";
  EXPECT_EQ(why_not(token(here, R"("baedal")")), "taken");
  EXPECT_EQ(why_not(token(here, R"(["other","baedal"])")), "taken");
  for (const char* audience : {R"("other")", R"([])", R"(["other"])", "null", R"("Baedal")",
                               R"({"baedal":1})", R"([["baedal"]])"}) {
    EXPECT_EQ(why_not(token(here, audience)), "token-foreign") << audience;
  }
  for (const char* issuer : {R"("https://id.example/")", R"("https://evil.example")", "null", "1",
                             R"(["https://id.example"])"}) {
    EXPECT_EQ(why_not(token(issuer, R"("baedal")")), "token-foreign") << issuer;
  }
  EXPECT_EQ(why_not_claims(R"({"sub":"kim"})"), "token-foreign");
}

TEST_F(VerifierTest, holds_tokens_to_their_times_with_some_leeway) {
  EXPECT_EQ(why_not_claims(claims("", kNow - 29)), "taken");
  EXPECT_EQ(why_not_claims(claims("", kNow - 30)), "token-expired");
  EXPECT_EQ(why_not_claims(claims("", -1)), "token-expired");
  EXPECT_EQ(why_not_claims(claims("", INT64_MAX)), "taken");
  EXPECT_EQ(why_not_claims(claims(R"(,"nbf":)" + std::to_string(kNow + 30))), "taken");
  EXPECT_EQ(why_not_claims(claims(R"(,"nbf":)" + std::to_string(kNow + 31))), "token-early");
  EXPECT_EQ(why_not_claims(claims(R"(,"iat":)" + std::to_string(kNow + 31))), "token-early");
  EXPECT_EQ(why_not_claims(claims(R"(,"iat":)" + std::to_string(kNow) + ".5")), "taken");
  for (const char* bad : {R"(,"nbf":"soon")", R"(,"iat":null)", R"(,"nbf":1e300)"}) {
    EXPECT_EQ(why_not_claims(claims(bad)), "token-malformed") << bad;
  }
  const std::string head = R"({"iss":"https://id.example","aud":"baedal","sub":"kim")";
  EXPECT_EQ(why_not_claims(head + "}"), "token-malformed") << "it would hold for ever";
  EXPECT_EQ(why_not_claims(head + R"(,"exp":"2099"})"), "token-malformed");
}

TEST_F(VerifierTest, wants_a_subject_that_can_be_kept) {
  const auto named = [&](const std::string& subject) {
    return why_not_claims(R"({"iss":"https://id.example","aud":"baedal","exp":)" +
                          std::to_string(kNow + 60) + subject + "}");
  };
  EXPECT_EQ(named(R"(,"sub":"김민수")"), "taken");
  EXPECT_EQ(named(R"(,"sub":")" + std::string(kSubjectBytesMax, 's') + R"(")"), "taken");
  EXPECT_EQ(named(R"(,"sub":")" + std::string(kSubjectBytesMax + 1, 's') + R"(")"),
            "token-malformed");
  for (const char* subject : {"", R"(,"sub":"")", R"(,"sub":7)", R"(,"sub":"a\nb")",
                              R"(,"sub":"a\u0000b")", R"(,"sub":"\u007f")"}) {
    EXPECT_EQ(named(subject), "token-malformed") << subject;
  }
}

TEST_F(VerifierTest, reads_roles_as_providers_write_them) {
  const auto with = [&](const std::string& roles) {
    return R"({"iss":"https://id.example","aud":"baedal","sub":"kim","exp":)" +
           std::to_string(kNow + 60) + roles + "}";
  };
  const Roles both{"merchant", "guest"};
  EXPECT_EQ(roles_of(with(R"(,"roles":["merchant","guest",7,"merchant",""])")), both);
  EXPECT_EQ(roles_of(with(R"(,"roles":"merchant  guest")")), both);
  EXPECT_EQ(roles_of(with("")), Roles{});
  EXPECT_EQ(roles_of(with(R"(,"roles":{"operator":true})")), Roles{});
  EXPECT_FALSE(roles_of(with(R"(,"roles":["Operator"])")).has(kOperator));
  EXPECT_EQ(roles_of(with(R"(,"roles":["service"])")), Roles{}) << "not for anybody to say";
}

TEST_F(VerifierTest, finds_roles_below_other_claims) {
  const auto roles = [&](const std::string& path, const std::string& claim) {
    Verifier verifier{
        {{.issuer = "i", .audience = "a", .roles_claim = path, .keys = keys_}}, clock_, {}};
    const auto verdict =
        verifier.verify(key_.token_of("k1", R"({"iss":"i","aud":"a","sub":"kim","exp":)" +
                                                std::to_string(kNow + 60) + claim + "}"));
    return verdict && (*verdict)->is_operator();
  };
  EXPECT_TRUE(roles("realm_access.roles", R"(,"realm_access":{"roles":["operator"]})"));
  EXPECT_TRUE(roles("https://b.example/roles", R"(,"https://b.example/roles":["operator"])"));
  EXPECT_FALSE(roles("realm_access.roles", R"(,"realm_access":["operator"],"roles":["operator"])"));
}

TEST_F(VerifierTest, tokens_of_services_are_services_whatever_they_say) {
  Verifier verifier{
      {{.issuer = "s", .audience = "a", .roles_claim = "", .of_services = true, .keys = keys_}},
      clock_,
      {}};
  const auto verdict = verifier.verify(
      key_.token_of("k1", R"({"iss":"s","aud":"a","sub":"order","roles":["operator"],"exp":)" +
                              std::to_string(kNow + 60) + "}"));
  ASSERT_TRUE(verdict);
  EXPECT_TRUE((*verdict)->roles.has(kService));
  EXPECT_FALSE((*verdict)->is_operator());
}

TEST_F(VerifierTest, each_issuers_keys_are_good_for_its_own_tokens_only) {
  const Key other = Key::ed25519();
  auto others = std::make_shared<HandKeys>(key_set({other.jwk("k1")}));
  Verifier verifier{{{.issuer = "https://id.example",
                      .audience = "baedal",
                      .roles_claim = "roles",
                      .keys = keys_},
                     {.issuer = "services",
                      .audience = "baedal",
                      .roles_claim = "",
                      .of_services = true,
                      .keys = others}},
                    clock_,
                    {}};
  EXPECT_TRUE(verifier.verify(key_.token_of("k1", claims())));
  EXPECT_FALSE(verifier.verify(other.token_of("k1", claims())));
}

TEST_F(VerifierTest, follows_a_rotation_of_keys) {
  const Key next = Key::p256();
  const std::string old_token = key_.token_of("k1", claims());
  const std::string new_token = next.token_of("k2", claims());
  EXPECT_EQ(why_not(new_token), "token-key-unknown");
  EXPECT_EQ(keys_->wanted, 1) << "newer keys are asked for";
  keys_->use(key_set({key_.jwk("k1"), next.jwk("k2")}));
  EXPECT_EQ(why_not(new_token), "taken");
  EXPECT_EQ(why_not(old_token), "taken");
  keys_->use(key_set({next.jwk("k2")}));
  EXPECT_EQ(why_not(old_token), "token-key-unknown") << "also one that was taken before";
  EXPECT_EQ(why_not(new_token), "taken");
  // The id of a key that has gone, with another key.
  keys_->use(key_set({next.jwk("k1")}));
  EXPECT_EQ(why_not(old_token), "token-forged");
}

TEST_F(VerifierTest, remembers_what_it_took_as_long_as_it_holds) {
  const std::string token = key_.token_of("k1", claims());
  const auto first = verifier_.verify(token);
  const auto second = verifier_.verify(token);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->get(), second->get()) << "not checked again";
  clock_.advance(std::chrono::seconds{89});
  EXPECT_EQ(why_not(token), "taken");
  clock_.advance(std::chrono::seconds{1});
  EXPECT_EQ(why_not(token), "token-expired");
  EXPECT_EQ(verifier_.remembered(), 0U);
}

TEST_F(VerifierTest, remembers_no_more_than_it_may_and_nothing_that_it_refused) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(why_not_claims(claims(R"(,"n":)" + std::to_string(i))), "taken");
    EXPECT_LE(verifier_.remembered(), 8U);
  }
  const std::size_t before = verifier_.remembered();
  EXPECT_EQ(why_not(Key::ed25519().token_of("k1", claims())), "token-forged");
  EXPECT_EQ(verifier_.remembered(), before);
}

TEST_F(VerifierTest, what_is_used_is_remembered_longest) {
  const std::string used = key_.token_of("k1", claims());
  const auto first = verifier_.verify(used);
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(why_not_claims(claims(R"(,"n":)" + std::to_string(i))), "taken");
    EXPECT_EQ(verifier_.verify(used)->get(), first->get());
  }
}

}  // namespace
}  // namespace baedal::auth
