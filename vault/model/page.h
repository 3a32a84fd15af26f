// How lists are asked for and answered, a page at a time.
#ifndef LETHE_VAULT_MODEL_PAGE_H_
#define LETHE_VAULT_MODEL_PAGE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace lethe::vault {

struct PageRequest {
  std::int32_t size = 0;  // 0: kPageDefault; above kPageMax: kPageMax.
  std::string token;
};

template <typename T>
struct Page {
  std::vector<T> items;
  std::string next_page_token;  // Empty: the last page.
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_PAGE_H_
