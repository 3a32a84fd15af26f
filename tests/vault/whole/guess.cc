#include "tests/vault/whole/guess.h"

#include <algorithm>
#include <random>
#include <set>

#include "absl/strings/str_format.h"
#include "crypto/hash.h"
#include "tests/vault/whole/sights.h"
#include "vault/rows/row_schema.h"

namespace lethe::test {
namespace {

constexpr std::size_t kPeople = 12;
// A hash cut shorter than this would be no proof of anything.
constexpr std::size_t kShortestHash = 8;

std::string AddressOf(const std::string& name) { return name + "@example.org"; }

// Names of one padding class (vault/records/identifier_store.h) but of many lengths.
std::vector<std::string> NamesFor(const std::string& family, std::uint64_t seed) {
  std::mt19937_64 random(seed ^ std::hash<std::string>()(family));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kPeople; ++i) {
    names.push_back(absl::StrFormat("%s.%d.%x", family, i, random() >> (random() % 60)));
  }
  return names;
}

std::size_t CountFound(const std::set<std::string>& found,
                       const std::vector<std::string>& addresses) {
  return static_cast<std::size_t>(std::ranges::count_if(
      addresses, [&](const std::string& address) { return found.contains(address); }));
}

// Which of `addresses` the attacker finds by opening, or by a trace in any byte ever written.
std::set<std::string> FindAmong(SmallLife& life, const std::vector<std::string>& addresses) {
  OmniscientDisk disk(life.world());
  disk.Look();
  const std::set<std::string> opened = disk.Open(life.world().CurrentRoot()).plaintexts;
  std::vector<std::string> all_traces;
  for (const std::string& address : addresses) {
    for (const std::string& trace : TracesOf(address)) all_traces.push_back(trace);
  }
  const std::set<std::string> traces_found = disk.FindInAllBytes(all_traces);
  std::set<std::string> found;
  for (const std::string& address : addresses) {
    const auto traces = TracesOf(address);
    const bool traced = std::ranges::any_of(
        traces, [&](const std::string& trace) { return traces_found.contains(trace); });
    if (traced || opened.contains(address)) found.insert(address);
  }
  return found;
}

std::vector<std::string> AddressesOf(const std::vector<std::string>& names) {
  std::vector<std::string> addresses;
  for (const std::string& name : names) addresses.push_back(AddressOf(name));
  return addresses;
}

}  // namespace

std::vector<std::string> TracesOf(const std::string& address) {
  std::vector<std::string> traces;
  for (const std::string& text : {address, "email" + address, "email:" + address}) {
    traces.push_back(text);
    const std::string hash(AsText(crypto::Sha256(AsBytes(text))));
    for (const std::size_t size : {kShortestHash, std::size_t{16}, hash.size()}) {
      traces.push_back(hash.substr(0, size));
    }
  }
  return traces;
}

SmallLife::SmallLife(std::uint64_t seed, const std::vector<std::string>& names, bool plant)
    : world_({.random_seed = seed}) {
  std::mt19937_64 random(seed);
  for (const std::string& name : names) Come(name, plant);
  if (!status_.ok()) return;
  for (std::size_t i = 0; i < names.size(); ++i) {
    LeadALife(random() % names.size(), random());
    world_.clock.Advance(absl::Seconds(static_cast<double>(random() % 1'000)));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i % 2 == 0) {
      Erase(i);
    } else {
      living_.push_back(addresses_[i]);
    }
  }
  Expect(world_->RunHousekeeping());
}

vault::Caller SmallLife::As() {
  return {.principal = {"spiffe://test/tenants/acme/clients/one", "acme"},
          .tenant = "acme",
          .purpose = "service",
          .request_id = RowTag::Draw(world_.random).ToString()};
}

void SmallLife::Come(const std::string& name, bool plant) {
  const std::string address = AddressOf(name);
  const std::vector<vault::Identifier> identifiers = {{"email", address}};
  const auto made = world_->data().CreateSubject(As(), identifiers);
  Expect(made.status());
  if (!made.ok()) return;
  people_.push_back(made->tag);
  addresses_.push_back(address);
  Expect(world_->data()
             .CreateRecord(As(), made->tag, {.category = "account", .data = R"({"a":1})"})
             .status());
  if (!plant) return;
  storage::Batch planted;
  planted.Put(vault::table::kMeta, TracesOf(address)[1], "");
  Expect(world_->stores()
             .journal->Commit({{}}, std::move(planted), storage::Durability::kSynced)
             .status());
}

void SmallLife::LeadALife(std::size_t person, std::uint64_t choice) {
  const SubjectTag& subject = people_[person];
  const vault::Identifier other{"email", "other-" + addresses_[person]};
  switch (choice % 4) {
    case 0:
      // Said twice: a refusal must not tell more than an answer.
      (void)world_->data().AddIdentifier(As(), subject, other);
      (void)world_->data().AddIdentifier(As(), subject, other);
      break;
    case 1:
      (void)world_->data().RemoveIdentifier(As(), subject, other);
      break;
    case 2:
      Expect(
          world_->data().GetSubject(As(), vault::Identifier{"email", addresses_[person]}).status());
      break;
    default:
      world_.Close();
      Expect(world_.Open());
  }
}

void SmallLife::Erase(std::size_t person) {
  vault::EraseRequest request;
  request.subject = vault::Identifier{"email", addresses_[person]};
  Expect(world_->rights().EraseSubject(As(), request).status());
  erased_.push_back(addresses_[person]);
}

GuessTally GuessAt(std::uint64_t seed) {
  GuessTally tally;
  const std::vector<std::string> names = NamesFor("alice", seed);
  const std::vector<std::string> others = NamesFor("zed", seed);
  const std::vector<std::string> strangers = AddressesOf(others);
  std::vector<std::string> guesses = AddressesOf(names);
  guesses.insert(guesses.end(), strangers.begin(), strangers.end());
  tally.guesses = guesses.size();

  SmallLife life(seed, names);
  SmallLife same_life_of_others(seed, others);
  SmallLife careless(seed, names, true);
  SmallLife careless_with_others(seed, others, true);
  for (const SmallLife* told : {&life, &same_life_of_others, &careless, &careless_with_others}) {
    if (told->status().ok()) continue;
    tally.refused.push_back(absl::StrFormat("seed %d: %s", seed, told->status().ToString()));
    return tally;
  }

  const std::set<std::string> found = FindAmong(life, guesses);
  tally.erased = life.erased().size();
  tally.erased_found = CountFound(found, life.erased());
  tally.strangers_found = CountFound(found, strangers);
  tally.living = life.living().size();
  tally.living_found = CountFound(found, life.living());

  const auto sights = SightsOf(life.world());
  tally.sights = sights.size();
  tally.sights_differ = CountDifferences(sights, SightsOf(same_life_of_others.world()));

  tally.planted_found = CountFound(FindAmong(careless, guesses), careless.erased());
  tally.planted_differ =
      CountDifferences(SightsOf(careless.world()), SightsOf(careless_with_others.world()));
  return tally;
}

void GuessTally::Add(const GuessTally& more) {
  guesses += more.guesses;
  erased += more.erased;
  erased_found += more.erased_found;
  strangers_found += more.strangers_found;
  living += more.living;
  living_found += more.living_found;
  planted_found += more.planted_found;
  sights += more.sights;
  sights_differ += more.sights_differ;
  planted_differ += more.planted_differ;
  refused.insert(refused.end(), more.refused.begin(), more.refused.end());
}

std::vector<std::string> GuessTally::Faults() const {
  std::vector<std::string> faults = refused;
  if (erased_found > 0) faults.emplace_back("a guess at the name of an erased person is confirmed");
  if (strangers_found > 0) faults.emplace_back("a guess at a stranger's name is confirmed");
  if (sights_differ > 0) faults.emplace_back("what can be seen of a life tells whose it was");
  if (erased == 0 || living == 0) faults.emplace_back("nobody was guessed at");
  if (living_found < living) faults.emplace_back("the control: a living name is not found");
  if (planted_found < erased) faults.emplace_back("the control: a planted hash is not found");
  if (planted_differ == 0) faults.emplace_back("the control: a planted index is not seen");
  return faults;
}

}  // namespace lethe::test
