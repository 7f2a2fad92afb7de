// A heap that forgets: free() and realloc() put zeros where something stood
// before they give memory back to glibc. Nothing includes this; a program that
// links sodality::wiping_heap has it, whatever library frees (ADR 14).
//
// glibc's own allocator does the rest: __libc_free and __libc_malloc are its
// free and malloc, exported since 2.2.5. Another heap cannot be preloaded into
// such a program: its blocks would end here.
#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

extern "C" {
void GlibcFree(void* block) __asm__("__libc_free");
void* GlibcMalloc(size_t size) __asm__("__libc_malloc");
}

namespace {

// By a key in its second word glibc knows a block that is free already, and
// then looks closer. 0 when this glibc does not.
uintptr_t LearnKeyOfFreeBlocks() {
  auto* const block =
      static_cast<volatile uintptr_t*>(GlibcMalloc(2 * sizeof(uintptr_t)));
  if (block == nullptr) return 0;
  block[1] = 0;
  GlibcFree(const_cast<uintptr_t*>(block));
  return block[1];
}

// Zeros would hide from glibc that a block is freed twice: it decides.
bool MayBeFree(const void* block) {
  static const uintptr_t key = LearnKeyOfFreeBlocks();
  return key != 0 && static_cast<const volatile uintptr_t*>(block)[1] == key;
}

void WipeFrom(void* block, size_t begin) {
  explicit_bzero(static_cast<char*>(block) + begin,
                 malloc_usable_size(block) - begin);
}

}  // namespace

extern "C" {

void free(void* block) noexcept {
  if (block == nullptr) return;
  if (!MayBeFree(block)) WipeFrom(block, 0);
  GlibcFree(block);
}

// glibc's own would leave the old place as it was.
void* realloc(void* block, size_t size) noexcept {
  if (block == nullptr) return GlibcMalloc(size);
  if (size == 0) {
    free(block);
    return nullptr;
  }
  const size_t old_size = malloc_usable_size(block);
  const bool fits = size <= old_size;
  if (!fits || size < old_size / 2) {
    if (void* const moved = GlibcMalloc(size)) {
      std::memcpy(moved, block, std::min(size, old_size));
      free(block);
      return moved;
    }
  }
  if (!fits) return nullptr;
  WipeFrom(block, size);
  return block;
}
}
