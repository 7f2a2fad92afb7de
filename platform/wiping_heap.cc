// A heap that forgets: free() and realloc() put zeros where something stood
// before they give memory back to glibc. Nothing includes this; a program that
// links sodality::wiping_heap has it, whatever library frees (ADR 14).
//
// glibc calls its own malloc family through the dynamic linker, so that a
// program may bring one (its manual, "Replacing malloc"); __libc_free and
// __libc_malloc are its own implementations, exported since 2.2.5.
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

extern "C" {
void GlibcFree(void* block) __asm__("__libc_free");
void* GlibcMalloc(size_t size) __asm__("__libc_malloc");

void free(void* block) noexcept {
  if (block == nullptr) return;
  explicit_bzero(block, malloc_usable_size(block));
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
  if (size <= old_size && size >= old_size / 2) return block;
  void* const moved = GlibcMalloc(size);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, block, std::min(size, old_size));
  free(block);
  return moved;
}
}
