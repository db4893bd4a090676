/** Tests about the repository itself: how its files look and what they must not say. */
package dev.streamipc.house;
