#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace baedal {

template <class Signature>
class FunctionRef;

/// A borrowed callable: two pointers, no allocation. The callable must outlive every call; a
/// use case keeps its body in a named local of the coroutine frame that awaits the commit.
template <class R, class... Args>
class FunctionRef<R(Args...)> {
 public:
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionRef> &&
           std::is_invocable_r_v<R, F&, Args...>) FunctionRef(F& callable)
  noexcept  // NOLINT(google-explicit-constructor): a view, like string_view
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
        call_([](void* object, Args... args) -> R {
          return (*static_cast<F*>(object))(std::forward<Args>(args)...);
        }) {}

  R operator()(Args... args) const { return call_(object_, std::forward<Args>(args)...); }

 private:
  void* object_;
  R (*call_)(void*, Args...);
};

}  // namespace baedal
