DROP TABLE room_message;
