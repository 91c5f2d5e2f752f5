package com.example.shop;

import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class UserController {

    private final JdbcClient database;

    UserController(JdbcClient database) {
        this.database = database;
    }

    @DeleteMapping("/users/{id}")
    ResponseEntity<Void> erase(@PathVariable long id) {
        int erased = database.sql("DELETE FROM users WHERE id = ?").param(id).update();
        return erased == 1
                ? ResponseEntity.noContent().build()
                : ResponseEntity.notFound().build();
    }
}
