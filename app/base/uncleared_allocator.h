// SPDX-License-Identifier: GPL-3.0-or-later
// For vectors that are written before they are read: elements made without a value are left as the
// memory is, where std::allocator would clear them.
#pragma once

#include <memory>
#include <new>
#include <utility>

namespace base {

template <typename T>
struct UnclearedAllocator : std::allocator<T> {
  template <typename U>
  struct rebind {
    using other = UnclearedAllocator<U>;
  };
  template <typename U>
  void construct(U* place) {
    ::new (static_cast<void*>(place)) U;
  }
  template <typename U, typename... Values>
  void construct(U* place, Values&&... values) {
    ::new (static_cast<void*>(place)) U(std::forward<Values>(values)...);
  }
};

}  // namespace base
