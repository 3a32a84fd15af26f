// The flags of every list, and the loop over its pages.
#ifndef LETHE_CLI_COMMANDS_PAGING_H_
#define LETHE_CLI_COMMANDS_PAGING_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "cli/output/list_printer.h"

namespace lethe::cli {

struct PagingOption {
  std::int32_t page_size = 0;
  std::string page_token;
  bool all = false;
};

inline void BindPaging(CLI::App& verb, PagingOption& option) {
  verb.add_option("--page-size", option.page_size, "Items a page (default 50, at most 1000)");
  auto* token =
      verb.add_option("--page-token", option.page_token, "Go on where an earlier page ended");
  verb.add_flag("--all", option.all, "Every page")->excludes(token);
}

// Calls `fetch` page by page and hands what `items` finds in each to the printer.
template <typename Request, typename Fetch, typename Items>
absl::Status PrintPages(const Invocation& invocation, const PagingOption& option, Request request,
                        ListPrinter& printer, const Fetch& fetch, const Items& items) {
  request.set_page_size(option.page_size);
  request.set_page_token(option.page_token);
  while (true) {
    LETHE_ASSIGN(const auto response, fetch(request));
    for (const auto& item : items(response)) printer.Item(item);
    printer.EndPage();
    request.set_page_token(response.next_page_token());
    if (!option.all || response.next_page_token().empty()) break;
  }
  printer.EndList(request.page_token());
  if (!request.page_token().empty() && invocation.format() == OutputFormat::kTable) {
    invocation.console().err << "more: --all, or --page-token '" << request.page_token() << "'\n";
  }
  return absl::OkStatus();
}

}  // namespace lethe::cli

#endif  // LETHE_CLI_COMMANDS_PAGING_H_
