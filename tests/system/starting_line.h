// A StartingLine holds threads until all are there and lets them go at once.
#ifndef LETHE_TESTS_SYSTEM_STARTING_LINE_H_
#define LETHE_TESTS_SYSTEM_STARTING_LINE_H_

#include <barrier>
#include <functional>
#include <thread>
#include <vector>

namespace lethe::test {

// Runs `run(i)` for i in 0 … count-1, each in a thread of its own, all begun together; returns when
// all have ended.
inline void RunTogether(int count, const std::function<void(int)>& run) {
  std::barrier<> line(count);
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&line, &run, i] {
      line.arrive_and_wait();
      run(i);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_STARTING_LINE_H_
