package io.llmproxy.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SharedRoomTest {

  private static final int LARGE = 16 << 20;

  private final List<SharedRoom> rooms = new ArrayList<>();

  private SharedRoom room(long most) {
    SharedRoom room = new SharedRoom(most);
    rooms.add(room);
    return room;
  }

  @AfterEach
  void clearsAll() {
    rooms.forEach(SharedRoom::clear);
  }

  @Test
  void givesEachItsOwnAndNoMoreThanItsMost() {
    long before = SharedRoom.takenBytes();
    SharedRoom room = room(LARGE);
    assertThat(room.has(SharedRoom.OWN_BYTES)).isTrue();
    assertThat(SharedRoom.takenBytes()).isEqualTo(before);
    assertThat(room.has(LARGE)).isTrue();
    assertThat(SharedRoom.takenBytes()).isEqualTo(before + LARGE - SharedRoom.OWN_BYTES);
    assertThat(room.has(LARGE + 1)).isFalse();
    assertThat(room.has(1)).as("what is taken stays").isTrue();
    room.clear();
    room.clear();
    assertThat(SharedRoom.takenBytes()).isEqualTo(before);
  }

  @Test
  void whatAllShareIsNotPassedAndComesBack() {
    int granted = 0;
    while (room(LARGE).has(LARGE)) {
      granted++;
    }
    assertThat(SharedRoom.takenBytes()).isLessThanOrEqualTo(SharedRoom.LEAST_SHARED_BYTES);
    assertThat((long) (granted + 1) * LARGE).isGreaterThan(SharedRoom.LEAST_SHARED_BYTES - LARGE);
    assertThat(room(LARGE).has(SharedRoom.OWN_BYTES)).as("its own").isTrue();
    rooms.getFirst().clear();
    assertThat(room(LARGE).has(LARGE)).isTrue();
  }
}
